"""The triggers behind the rights: a slip of ours, or of an operator, does not change the trail."""

ENTRIES_ARE_KEPT_ON_SQLITE = """CREATE TRIGGER audit_entries_are_kept BEFORE DELETE ON audit_entries
    BEGIN SELECT RAISE(ABORT, 'the trail is only added to'); END"""

GUARDS = {
    "sqlite": (
        """CREATE TRIGGER audit_entries_stay BEFORE UPDATE ON audit_entries
           BEGIN SELECT RAISE(ABORT, 'the trail is only added to'); END""",
        ENTRIES_ARE_KEPT_ON_SQLITE,
        """CREATE TRIGGER audit_heads_go_on BEFORE UPDATE ON audit_heads
           WHEN NEW.chain <> OLD.chain OR NEW.number <= OLD.number
           BEGIN SELECT RAISE(ABORT, 'the trail is only added to'); END""",
        """CREATE TRIGGER audit_heads_are_kept BEFORE DELETE ON audit_heads
           BEGIN SELECT RAISE(ABORT, 'the trail is only added to'); END""",
    ),
    "postgresql": (
        """CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS
           $$BEGIN RAISE EXCEPTION 'the trail is only added to'; END$$""",
        """CREATE TRIGGER audit_entries_stay BEFORE UPDATE ON audit_entries
           FOR EACH ROW EXECUTE FUNCTION audit_refuse()""",
        """CREATE TRIGGER audit_entries_are_kept BEFORE DELETE ON audit_entries
           FOR EACH ROW EXECUTE FUNCTION audit_refuse()""",
        """CREATE TRIGGER audit_entries_are_not_emptied BEFORE TRUNCATE ON audit_entries
           FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()""",
        """CREATE TRIGGER audit_heads_go_on BEFORE UPDATE ON audit_heads
           FOR EACH ROW WHEN (NEW.chain <> OLD.chain OR NEW.number <= OLD.number) EXECUTE FUNCTION audit_refuse()""",
        """CREATE TRIGGER audit_heads_are_kept BEFORE DELETE ON audit_heads
           FOR EACH ROW EXECUTE FUNCTION audit_refuse()""",
        """CREATE TRIGGER audit_heads_are_not_emptied BEFORE TRUNCATE ON audit_heads
           FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()""",
    ),
}
"""As the migration makes them."""

LIFT = {
    "sqlite": ("DROP TRIGGER IF EXISTS audit_entries_are_kept",),
    "postgresql": ("ALTER TABLE audit_entries DISABLE TRIGGER audit_entries_are_kept",),
}
SET = {
    "sqlite": (ENTRIES_ARE_KEPT_ON_SQLITE,),
    "postgresql": ("ALTER TABLE audit_entries ENABLE TRIGGER audit_entries_are_kept",),
}
"""For a cut from a chain's beginning, within its transaction."""
