from django.apps import AppConfig
from django.db.models.signals import post_migrate


def make_roles(sender, **kwargs):
    """Groups exist from the first migration on, with exactly what roles.py gives them."""
    from django.contrib.auth.models import Group, Permission

    from cbpone.accounts.roles import PERMISSIONS

    for role, names in PERMISSIONS.items():
        group, _new = Group.objects.get_or_create(name=role)
        codenames = [name.split(".")[1] for name in names]
        known = Permission.objects.filter(
            codename__in=codenames, content_type__app_label__in=["scheduling", "audit"]
        )
        group.permissions.set(known)


class AccountsConfig(AppConfig):
    name = "cbpone.accounts"
    label = "accounts"

    def ready(self):
        post_migrate.connect(make_roles, sender=self)
