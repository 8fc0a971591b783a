"""The next dates on the start page are kept until a session changes."""

from core.remembered import Remembered

sessions = Remembered("sessions")
forget, remember = sessions.forget, sessions.remember
