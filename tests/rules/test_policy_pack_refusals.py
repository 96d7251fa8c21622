"""A pack that contradicts itself, or isn't one, is refused with the line of everything wrong in it."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic import ValidationError

from shared.policy.pack import Committee, PackRefused, Words, load_pack, load_packs

PACKAGED = Path(__file__).parents[2] / "shared" / "policy" / "packs"
HERE = "# HERE"
Edit = tuple[str, str]


class EditedPack:
    """A packaged pack with its text changed. `# HERE` in the new text marks the line that must be told."""

    def __init__(self, folder: Path, name: str) -> None:
        self.path = folder / f"{name}.yaml"
        self.text = (PACKAGED / f"{name}.yaml").read_text(encoding="utf-8")

    def change(self, *edits: Edit) -> "EditedPack":
        for old, new in edits:
            assert old in self.text, f"nothing to change: {old}"
            self.text = self.text.replace(old, new, 1)
        return self

    def save(self) -> Path:
        self.path.write_text(self.text, encoding="utf-8")
        return self.path

    @property
    def here(self) -> list[int]:
        return [n for n, line in enumerate(self.text.splitlines(), start=1) if HERE in line]


Editing = Callable[..., EditedPack]


def refusal_of(path: Path) -> PackRefused:
    with pytest.raises(PackRefused) as caught:
        load_pack(path)
    return caught.value


@pytest.fixture
def edited(tmp_path: Path) -> Editing:
    return lambda *edits, name="najran-consumers": EditedPack(tmp_path, name).change(*edits)


def without_block(key: str, text: str) -> str:
    """The text without a top-level key and all that is indented under it."""
    return re.sub(rf"(?m)^{key}:\n(?: .*\n)+", "", text)


def test_a_notice_without_a_committee_is_refused_with_its_line(edited: Editing) -> None:
    pack = edited(("- step.committee_notice", f"- step.committee_notice  {HERE}"))
    pack.text = without_block("committee", pack.text)
    refusal = refusal_of(pack.save())
    [line] = pack.here
    assert refusal.path == pack.path
    assert refusal.problems[0].line == line
    assert str(refusal).startswith(f"{pack.path}:{line}: clauses.step.committee_notice: step.committee_notice promises")


def test_an_attestation_without_a_text_is_refused_with_its_line(edited: Editing) -> None:
    pack = edited(("- step.attestation", f"- step.attestation  {HERE}"))
    pack.text = without_block("attestation", pack.text)
    [problem] = refusal_of(pack.save()).problems
    assert [problem.line] == pack.here
    assert "no text to sign" in problem.sentence


def test_a_deciding_committee_without_seats_is_refused_with_its_line(edited: Editing) -> None:
    pack = edited(("reviewing_body: department", f"reviewing_body: committee  {HERE}"), name="kharj-dawah")
    [problem] = refusal_of(pack.save()).problems
    assert [problem.line] == pack.here
    assert "no committee with seats" in problem.sentence


def test_a_pack_that_no_one_can_reach_is_refused_with_its_line(edited: Editing) -> None:
    pack = edited(("clauses:", f"clauses:  {HERE}"))
    pack.text = re.sub(r"  - channel\..*\n", "", pack.text)
    [problem] = refusal_of(pack.save()).problems
    assert [problem.line] == pack.here
    assert "no one can reach" in problem.sentence


ONE_LINE_EDITS = [
    ("quorum: 2", "quorum: 4", "cannot be reached by 3 seats"),
    ("quorum: 2", "quorum: 0", "greater than or equal to 1"),
    ("reply_floor_days: 14", "reply_floor_days: -1", "greater than or equal to 0"),
    ("reply_floor_days: 14", "reply_floor_days: 13", "no less than 14 days, not 13"),
    ("reply_target_days: null", "reply_target_days: 10", "before the floor of 14"),
    ("reviewing_body: committee", "reviewing_body: department", "a department decides, but step.committee_notice"),
    ("reviewing_body: committee", "reviewing_body: chairman", "'committee' or 'department'"),
    ("- step.delivery", "- step.delivry", "there is no clause 'step.delivry'; perhaps 'step.delivery'"),
    ("- step.delivery", "- wishes", "there is no clause 'wishes'"),
    ("department: awareness", "department: art", "there is no department 'art'"),
    ("- id: awareness", "- id: complaints", "'complaints' is used twice"),
    ("- id: sharurah", "- id: najran", "'najran' is used twice"),
    ("- id: debt_advice", "- id: complaint_support", "'complaint_support' is used twice"),
    ("- kind: purchase_invoice", "- kind: national_id", "'national_id' is used twice"),
    ("- id: seller_name", "- id: need", "'need' is used twice"),
    ("- id: seller_name", "- id: sellerName", "should match pattern"),
    ("valid_for_days: 730", "valid_for_days: 0", "greater than or equal to 1"),
    ("kind: integer", "kind: number", "'text', 'integer' or 'boolean'"),
    ("code: NJR", "code: njr", "should match pattern"),
    ("licence: null", "licence: 2337", "valid string"),
    ("seats: 3", 'seats: "3"', "valid integer"),
    ("seats: 3", "seats: 1:30", "valid integer"),
    ("seats: 3", "seats: &few 3", "without anchors and aliases"),
    ("gregorian: 2022-11-02", "gregorian: 2022-13-02", "valid date"),
    ('hijri: "1444-04-08"', 'hijri: "1444-04-31"', "should match pattern"),
    ("expire_incomplete_after_days: 60", "expire_after_days: 60", "a pack has no such key"),
    ("licence: null", "licence: null\n  licence: null", "the key is already on line 7"),
    ('edition: "1"', "edition: ' '", "at least 1 character"),
    ("seats: 3", "seats: 3: 4", "mapping values are not allowed here"),
    ("Sharurah office}", "Sharurah office}\n    head_office: true", "there is a head office already"),
]


@pytest.mark.parametrize(("old", "new", "saying"), ONE_LINE_EDITS)
def test_a_bad_line_is_refused_by_its_number(old: str, new: str, saying: str, edited: Editing) -> None:
    pack = edited((old, f"{new}  {HERE}"))
    if "&few" in new:
        pack.change(("quorum: 2", "quorum: *few"))
    told = refusal_of(pack.save()).problems
    assert [problem.line for problem in told if saying in problem.sentence] == pack.here, told


@pytest.mark.parametrize(
    ("removed", "told_at", "saying"),
    [
        ("  - step.committee_notice\n", "reply_floor_days: 14", "only where step.committee_notice is adopted"),
        ("  - step.attestation\n", "attestation:", "step.attestation is not adopted"),
        ("  code: NJR\n", "association:", "this is missing"),
        ("    head_office: true\n", "branches:", "no branch is the head office"),
        ("id: najran-consumers\n", "association:", "this is missing"),
    ],
)
def test_what_is_missing_is_told_where_it_is_missed(removed: str, told_at: str, saying: str, edited: Editing) -> None:
    pack = edited((removed, ""), (told_at, f"{told_at}  {HERE}"))
    [problem] = refusal_of(pack.save()).problems
    assert [problem.line] == pack.here
    assert saying in problem.sentence


def test_everything_wrong_is_told_in_the_order_of_the_lines(edited: Editing) -> None:
    pack = edited(
        ("code: NJR", f"code: n  {HERE}"),
        ("- step.delivery", f"- step.delivry  {HERE}"),
        ("quorum: 2", f"quorum: 9  {HERE}\n  quorum: 1  {HERE}"),
        ("- id: sharurah", f"- id: najran  {HERE}"),
    )
    assert [problem.line for problem in refusal_of(pack.save()).problems] == pack.here


def test_all_contradictions_between_the_parts_are_told_at_once(edited: Editing) -> None:
    pack = edited(
        ("- step.attestation\n", f"- eligibility.form  {HERE}\n"),
        ("reviewing_body: committee", f"reviewing_body: department  {HERE}"),
        ("reply_floor_days: 14", f"reply_floor_days: 7  {HERE}"),
        ("reply_target_days: null", f"reply_target_days: 6  {HERE}"),
        ("attestation:", f"attestation:  {HERE}"),
        ("department: awareness", f"department: art  {HERE}"),
    )
    assert [problem.line for problem in refusal_of(pack.save()).problems] == pack.here[1:]


@pytest.mark.parametrize(
    ("content", "line", "saying"),
    [
        (b"", 1, "the file is empty"),
        (b"# only a comment\n", 1, "the file is empty"),
        (b"id: x\nclauses: [\n", 3, "this is not YAML"),
        (b"id: x\n\tclauses: y\n", 2, "this is not YAML"),
        (b"id: x\n--- \nid: y\n", 2, "this is not YAML"),
        (b"id: x\nname: \xff\n", 2, "not UTF-8"),
        (b"id: x\nname: \x07\n", 2, "control character"),
        (b"id: x\n[a]: y\n", 2, "a key is one word"),
        (b"- id\n", 1, "should be an object"),
        (b"id: &me\n  me: *me\n", 1, "anchors and aliases"),
    ],
)
def test_what_is_not_a_pack_at_all_is_refused_with_its_line(
    content: bytes, line: int, saying: str, tmp_path: Path
) -> None:
    path = tmp_path / "pack.yaml"
    path.write_bytes(content)
    assert [problem.line for problem in refusal_of(path).problems if saying in problem.sentence] == [line]


def test_two_packs_with_one_id_and_code_are_refused(tmp_path: Path, edited: Editing) -> None:
    edited().save()
    second = edited(("id: najran-consumers", f"id: najran-consumers  {HERE}"), ("code: NJR", f"code: NJR  {HERE}"))
    second.path = tmp_path / "second.yaml"
    second.save()
    with pytest.raises(PackRefused) as caught:
        load_packs(tmp_path)
    assert caught.value.path == second.path
    assert [problem.line for problem in caught.value.problems] == second.here
    assert "'NJR' is already in najran-consumers.yaml" in str(caught.value)


def test_every_refused_file_of_a_folder_is_told(tmp_path: Path, edited: Editing) -> None:
    edited(("quorum: 2", "quorum: 4")).save()
    edited(("clauses:", "claused:"), name="kharj-dawah").save()
    with pytest.raises(
        PackRefused, match=r"(?s)kharj-dawah\.yaml:\d+: .*najran-consumers\.yaml:\d+: committee\.quorum"
    ):
        load_packs(tmp_path)


def test_a_folder_without_packs_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PackRefused, match="there is no pack"):
        load_packs(tmp_path)


def test_a_pack_edited_in_place_is_read_anew(edited: Editing) -> None:
    pack = edited()
    assert load_pack(pack.save()).reply_floor_days == 14
    assert load_pack(pack.change(("reply_floor_days: 14", "reply_floor_days: 21")).save()).reply_floor_days == 21


def test_clauses_of_goals_and_policy_may_be_left_out(edited: Editing) -> None:
    pack = edited()
    pack.text = re.sub(r"  - (goal|policy)\..*\n", "", pack.text)
    assert len(load_pack(pack.save()).clauses) == 19


def test_a_committee_built_in_code_is_held_to_its_quorum_too() -> None:
    with pytest.raises(ValidationError, match="cannot be reached by 2 seats"):
        Committee(name=Words(ar="لجنة", en="Committee"), seats=2, quorum=3)


KEPT = """retention:
  served_years: 10
  rejected_years: 2
  withdrawn_years: 1
  basis: {ar: لائحة الحفظ, en: the archive rule}
"""


def test_a_pack_may_say_how_long_files_are_kept(edited: Editing) -> None:
    pack = edited()
    pack.text += KEPT
    kept = load_pack(pack.save()).retention
    assert kept is not None
    assert (kept.served_years, kept.rejected_years, kept.withdrawn_years) == (10, 2, 1)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("served_years: 10", "served_years: 0", "greater than or equal to 1"),
        ("served_years: 10", "served_years: 51", "less than or equal to 50"),
        ("withdrawn_years: 1", "withdrawn_years: 11", "kept longer than what was served"),
        ("withdrawn_years: 1", "taken_back_years: 1", "a pack has no such key"),
    ],
)
def test_periods_that_hold_nothing_or_contradict_each_other_are_refused(
    edited: Editing, old: str, new: str, sentence: str
) -> None:
    pack = edited()
    pack.text += KEPT.replace(old, f"{new}  {HERE}")
    refusal = refusal_of(pack.save())
    assert any(sentence in problem.sentence for problem in refusal.problems)
    assert any(problem.line in pack.here for problem in refusal.problems)
