from django.apps import AppConfig
from django.db.models import Q
from django.db.models.signals import post_migrate


def make_roles(sender, **kwargs):
    """Groups exist from the first migration on, with exactly what roles.py gives them."""
    from django.contrib.auth.models import Group, Permission

    from cbpone.accounts.roles import PERMISSIONS

    for role, names in PERMISSIONS.items():
        group, _new = Group.objects.get_or_create(name=role)
        wanted = Q(pk=None)
        for name in names:
            app, codename = name.split(".")
            wanted |= Q(content_type__app_label=app, codename=codename)
        group.permissions.set(Permission.objects.filter(wanted))


class AccountsConfig(AppConfig):
    name = "cbpone.accounts"
    label = "accounts"

    def ready(self):
        from allauth.account.signals import email_changed, user_logged_out

        from cbpone.accounts import signals

        post_migrate.connect(make_roles, sender=self)
        email_changed.connect(signals.put_new_address_on_record)
        user_logged_out.connect(signals.put_signed_out_on_record)
