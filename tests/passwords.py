"""Passwords in tests: the application's own scheme at a fraction of its cost.

One real hash takes a third of a second of processor; the tests make hundreds.
"""

from django.contrib.auth.hashers import Argon2PasswordHasher


class QuickArgon2(Argon2PasswordHasher):
    time_cost = 1
    memory_cost = 64  # KiB
    parallelism = 1
