from django.db import migrations, models


class Migration(migrations.Migration):
    """Counting a day and looking at the queue without reading every photo there is."""

    dependencies = [("photos", "0006_figures")]

    operations = [
        migrations.RemoveIndex(model_name="photo", name="photo_to_judge"),
        migrations.AddIndex(
            model_name="photo",
            index=models.Index(
                fields=["added_at"],
                include=("id", "traveler", "taken_by"),
                condition=models.Q(("replaced_at", None), ("status", "waiting")),
                name="photo_to_judge",
            ),
        ),
        migrations.AddIndex(
            model_name="photo",
            index=models.Index(fields=["added_at"], name="photo_added"),
        ),
        migrations.AddIndex(
            model_name="photo",
            index=models.Index(
                fields=["judged_at"],
                condition=models.Q(("status", "at_port")),
                name="photo_left",
            ),
        ),
        migrations.AddIndex(
            model_name="upload",
            index=models.Index(
                fields=["ended_at"],
                condition=models.Q(("status", "refused")),
                name="upload_refused",
            ),
        ),
    ]
