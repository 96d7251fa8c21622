"""The look of every page: templates, one stylesheet, two scripts, words, dates, icons. It knows no service.

`docs/ui.md` says which macro is for what.
"""

from shared.ui.app import dress
from shared.ui.forms import Form
from shared.ui.frame import Frame, Visitor
from shared.ui.language import Language, language_of
from shared.ui.look import Look
from shared.ui.signed_in import frame_of

__all__ = ["Form", "Frame", "Language", "Look", "Visitor", "dress", "frame_of", "language_of"]
