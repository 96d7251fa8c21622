"""The look that the other tests trust finds what it should, each time it is asked."""

import pytest
from playwright.sync_api import Page

from tests.ui.axe import violations_of

pytestmark = pytest.mark.browser


def test_axe_names_what_bars_somebody_and_looks_again_when_the_page_changes(page: Page) -> None:
    page.goto("/ui/gallery/request")
    assert violations_of(page) == ""
    page.evaluate("document.querySelector('main').append(Object.assign(new Image(), {src: '/ui/none.png'}))")
    assert "image-alt" in violations_of(page)
    page.evaluate("document.querySelector('main > img').alt = 'none'")
    assert violations_of(page) == ""
