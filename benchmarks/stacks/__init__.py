"""The four stacks that are measured: Athar and the floor, each in one process on SQLite and in eight on PostgreSQL."""
