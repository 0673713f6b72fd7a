"""The design check: what an activity's design is likely to do, before money is spent.

`facts` gathers what is known of an activity, or of a plan that is being typed; `check` says what
that means. Advice: never a score, and nothing is refused.
"""
