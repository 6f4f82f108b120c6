"""Human evaluation: whether people can tell a model's pictures from real ones, and how we know.

STUDY.yaml → design → stimuli (manifest) → trials → desk (one participant at a time) → store
                                                                export, analysis ← store
"""
