"""Writes one PDF nobody trusts anew, in a process of its own.

paper_cleaning.py starts this folder as `python -I -B paper_child MAX_PAGES MAX_BYTES`: the PDF on
standard input, the answer on standard output. Nothing in it may import Django or anything of ours,
so that no setting and no secret is within reach of a parser that a hostile file has taken over;
nothing of ours imports it either. Its modules find each other by their bare names.

Only what shows on the pages is written: every key that is copied is named in rewriting.py, and
every other one (actions, scripts, forms, attached files, sound, film, metadata, outlines) stays
behind. What people typed into a form, stamps and signatures become part of the page.
"""
