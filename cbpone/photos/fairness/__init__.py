"""Whether the machine that looks at photos serves everybody alike, measured on labelled pictures.

Never part of the portal at work: only tests and `manage.py photo_fairness` come here, and they
need the optional extra of requirements-faces.txt.
"""
