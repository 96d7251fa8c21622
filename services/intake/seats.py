"""Which seats do what at the desk: one list for the doors of the API and of the pages."""

from shared.language.roles import Role

FRONT = (Role.DELEGATE, Role.BRANCH_MANAGER, Role.INTAKE_OFFICER)
"""The branch's desk, and the head office's."""
READERS = (*FRONT, Role.SOCIAL_RESEARCHER, Role.QUALITY_OFFICER, Role.ASSOCIATION_ADMINISTRATOR, Role.AUDITOR)
SEEKERS = (*FRONT, Role.SOCIAL_RESEARCHER, Role.ASSOCIATION_ADMINISTRATOR)
"""Who looks for a person."""
WHO_STUDIES = (*FRONT, Role.SOCIAL_RESEARCHER, Role.AUDITOR)
"""A paper shows more of a family than the case does: those alone who take it in, study it or audit."""
WHO_HANDS_OVER = (*FRONT, Role.AUDITOR)
"""Who reads what was handed over, to whom and how it is shown."""
REGISTRY = (*FRONT, Role.AUDITOR)
"""Who reads the register of letters."""
WAITED_FOR = (Role.SOCIAL_RESEARCHER, Role.BRANCH_MANAGER, Role.INTAKE_OFFICER)
"""Who sees which questions wait: the researcher answers them, the others ask where an answer stays."""
GUIDE_WRITERS = (*FRONT, Role.SOCIAL_RESEARCHER)
GUIDE_APPROVERS = (Role.SOCIAL_RESEARCHER, Role.BRANCH_MANAGER, Role.ASSOCIATION_ADMINISTRATOR)
"""A second person reads a common answer before anybody finds it."""
