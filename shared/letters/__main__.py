"""One letter as JSON on standard input, its PDF on standard output; then the end."""

import resource
import sys

MEMORY = 2_000_000_000
CPU_SECONDS = 25


def bound() -> None:
    """Whatever the letter does to us, it ends."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    bound()
    from shared.letters.letter import Letter
    from shared.letters.typesetting import typeset

    sys.stdout.buffer.write(typeset(Letter.model_validate_json(sys.stdin.buffer.read())))
