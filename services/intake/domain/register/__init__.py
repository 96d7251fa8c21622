"""People, their households, and who may act for whom: what their files hold and what makes it right."""
