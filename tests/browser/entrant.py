"""An entrant in a real browser: a new account, every page of the form, handing in, the receipt.

`look` is called on each page once it stands, for whoever wants to look at the pages of the way.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.support.entries import pdf_bytes, picture_bytes

PASSWORD = "mot cau ngan de nho"
TITLE = "Máy sấy chè dùng năng lượng mặt trời cho hộ gia đình vùng cao"
ANSWER = "Giảm một nửa thời gian sấy, chè giữ được màu và hương."


def nothing(page: Page) -> None:
    """Do not look."""


@dataclass(frozen=True)
class Entrant:
    """A person at a contest: the page of their browser, the address of the contest, name and e-mail address."""

    page: Page
    site: str
    name: str
    email: str
    look: Callable[[Page], None] = nothing

    def come_to(self, path: str) -> None:
        """Open an address of the contest."""
        self.page.goto(f"{self.site}{path}")
        self.look(self.page)

    def press(self, name: str) -> None:
        """Press the button of that name and look at what comes."""
        self.page.get_by_role("button", name=name, exact=True).click()
        self.page.wait_for_load_state()
        self.look(self.page)

    def sign_up(self, letters: Page) -> None:
        """Sign up and verify the address by the code of the letter; `letters` is another browser's page."""
        page = self.page
        self.come_to("/tai-khoan/dang-ky")
        page.fill("[name=name]", self.name)
        page.fill("[name=email]", self.email)
        page.fill("[name=password]", PASSWORD)
        page.check("[name=consent_account]")
        self.press("Đăng ký và nhận mã")
        expect(page).to_have_url(re.compile("/tai-khoan/xac-nhan"))
        letters.goto(f"{self.site}/hop-thu?to={self.email}")
        found = re.search(r"\b(\d{6})\b", letters.locator("main").inner_text())
        assert found is not None
        page.fill("[name=code]", found[1])
        self.press("Xác nhận")
        expect(page.get_by_role("status").first).to_contain_text("Đã xác nhận địa chỉ thư")

    def hand_in(self, folder: Path) -> str:
        """Fill every control that the plugins' form has, with real files, and hand in: the code on the receipt."""
        page = self.page
        self.come_to("/du-thi/moi")
        self.press("Tạo bản nháp")
        page.fill("[name=title]", TITLE)
        self._answer(folder)
        self._go_on()
        page.fill("[name='authors.0.name']", self.name)
        page.fill("[name='authors.0.birth_year']", "1985")
        self._fill("[name='authors.0.share']", "100")
        while page.get_by_role("button", name="Lưu và tiếp", exact=True).count():
            self._go_on()
            self._answer(folder)
        self.press("Lưu và kiểm tra để nộp")
        expect(page.locator("main")).to_contain_text("Hồ sơ đã đủ các mục bắt buộc")
        self.press("Nộp hồ sơ")
        expect(page).to_have_url(re.compile("/bien-nhan/1$"))
        found = re.search(r"\b[A-Z]{2,}[A-Z0-9-]*-\d{4}\b", page.locator("main").inner_text())
        assert found is not None
        return found[0]

    def _go_on(self) -> None:
        step = self.page.url
        self.page.get_by_role("button", name="Lưu và tiếp", exact=True).click()
        expect(self.page).not_to_have_url(step)
        self.look(self.page)

    def _fill(self, selector: str, value: str) -> None:
        control = self.page.locator(f"{selector}:visible")
        if control.count():
            control.first.fill(value)

    def _answer(self, folder: Path) -> None:
        """Answer what this page asks, by the kind of each control."""
        paper, picture = folder / "thuyet-minh.pdf", folder / "anh.jpg"
        paper.write_bytes(pdf_bytes())
        picture.write_bytes(picture_bytes(size=(3024, 4032), exif=True))
        for control in self.page.locator("main [name=field], main [name^='facts.']").all():
            kind = control.evaluate("item => item.type || item.tagName")
            if kind == "file":
                self._send(
                    control.get_attribute("id") or "", control.get_attribute("accept") or "", paper, picture
                )
            elif kind in ("checkbox", "radio"):
                control.check()
            elif kind == "select-one":
                control.select_option(index=1)
            elif kind == "date":
                control.fill("2025-04-30")
            elif kind == "month":
                control.fill("2025-04")
            elif control.get_attribute("inputmode") in ("numeric", "decimal"):
                control.fill("12")
            elif control.get_attribute("data-column"):
                control.fill("Thời gian sấy")
            else:
                control.fill(ANSWER)

    def _send(self, control: str, accept: str, paper: Path, picture: Path) -> None:
        sent = paper if ".pdf" in accept else picture
        self.page.set_input_files(f"[id='{control}']", sent)
