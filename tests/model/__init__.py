"""A simulated world in which the real message kernel runs: own time, own scheduler, own stream, real databases.

Every statement and every command is one step of a scheduler whose choices come from one seed. Between two steps a
process may be killed, paused, or have its stream wiped; the same seed tells the same story again, step for step.
"""
