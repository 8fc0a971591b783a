"""Somebody who was a guest has confirmed the address of a new account."""

from accounts import newcomers
from webinars import actions

newcomers.register(actions.merge_guest)
