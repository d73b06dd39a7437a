"""The dossier of the youth family: the product, its authors' birth days and consents, the files."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace

from core.plugin_api import (
    AuthorPolicy,
    Edition,
    EntryField,
    FieldKind,
    FormField,
    FormSection,
    Text,
    hookimpl,
    is_illustration,
)
from plugins.stkt_youth.settings import NAME, YouthSettings

_MAX_BYTES = 20 * 1024 * 1024
_PAPERS = (".pdf", ".docx")
_IMAGES = (".jpg", ".jpeg", ".png")


@hookimpl
def entry_fields() -> tuple[EntryField, ...]:
    """The five fields, as the national contest of 2025 names them."""
    return (
        EntryField("hoc_tap", Text("Đồ dùng dành cho học tập", "Things for learning")),
        EntryField("phan_mem", Text("Phần mềm tin học", "Computer software")),
        EntryField(
            "moi_truong",
            Text("Sản phẩm thân thiện với môi trường", "Products that are kind to the environment"),
        ),
        EntryField(
            "gia_dinh",
            Text(
                "Các dụng cụ sinh hoạt gia đình và đồ chơi trẻ em", "Household utensils and children's toys"
            ),
        ),
        EntryField(
            "khi_hau",
            Text(
                "Các giải pháp kỹ thuật nhằm ứng phó với biến đổi khí hậu, bảo vệ môi trường và phát triển kinh tế",
                "Technical solutions for climate change, protection of the environment and the economy",
            ),
        ),
    )


@hookimpl
def dossier_form(edition: Edition) -> tuple[FormSection, ...]:
    """Product, authors, files."""
    return (_product(), _authors(edition.setting_as(NAME, "max_authors", int)), _files())


@hookimpl(wrapper=True)
def author_policy(edition: Edition) -> Generator[None, AuthorPolicy, AuthorPolicy]:
    """What others say, with the number of authors that the form has birth days for."""
    said = yield
    marks = {one for one in said.illustrated if one != "max_authors"}
    if is_illustration(YouthSettings, edition.settings[NAME], "max_authors"):
        marks.add("max_authors")
    most = edition.setting_as(NAME, "max_authors", int)
    return replace(said, max_authors=most, clause="phieu_dang_ky", illustrated=tuple(sorted(marks)))


def birth_day_key(place: int) -> str:
    """The question for the birth day of the author in this place, counted from 1."""
    return f"ngay_sinh_{place}"


def _product() -> FormSection:
    return FormSection(
        "san_pham",
        Text("Mô hình, sản phẩm", "Model or product"),
        (
            FormField(
                "tom_tat",
                Text("Tóm tắt sản phẩm", "Summary of the product"),
                FieldKind.LONG_TEXT,
                required=True,
                help=Text(
                    "Vài câu để người xem hiểu sản phẩm là gì và dùng để làm gì; được công bố cùng sản phẩm.",
                    "A few sentences on what the product is and what it is for; published with the product.",
                ),
                clause="phieu_dang_ky",
                max_chars=2000,
                public=True,
                official=False,
            ),
            FormField(
                "y_tuong",
                Text("Ý tưởng sáng tạo và điểm mới", "The idea and what is new"),
                FieldKind.LONG_TEXT,
                required=True,
                clause="tieu_chi_tinh_moi",
                max_chars=5000,
                official=False,
            ),
            FormField(
                "cach_lam",
                Text("Cách làm, cách vận hành", "How it is made and how it works"),
                FieldKind.LONG_TEXT,
                required=True,
                clause="phieu_dang_ky",
                max_chars=5000,
                official=False,
            ),
            FormField(
                "kha_nang_ap_dung",
                Text("Khả năng áp dụng", "Where it can be used"),
                FieldKind.LONG_TEXT,
                clause="tieu_chi_kha_nang",
                max_chars=5000,
                official=False,
            ),
            FormField(
                "truong_lop",
                Text("Trường, lớp", "School and class"),
                FieldKind.TEXT,
                clause="phieu_dang_ky",
                max_chars=300,
                official=False,
            ),
        ),
    )


def _authors(number: int) -> FormSection:
    return FormSection(
        "tac_gia",
        Text("Ngày sinh và sự đồng ý", "Birth days and consent"),
        (*(_birth_day(place) for place in range(1, number + 1)), *_consents()),
        help=Text(
            "Ghi ngày sinh theo đúng thứ tự tác giả của hồ sơ. Ngày sinh chỉ dùng để xét tuổi, không công bố.",
            "Enter birth days in the order of the authors. They serve to check ages and are not published.",
        ),
    )


def _birth_day(place: int) -> FormField:
    return FormField(
        birth_day_key(place),
        Text(f"Ngày sinh của tác giả thứ {place}", f"Birth day of author {place}"),
        FieldKind.DATE,
        required=place == 1,
        clause="do_tuoi",
        official=False,
    )


def _consents() -> tuple[FormField, ...]:
    return (
        FormField(
            "dong_y_giam_ho",
            Text(
                "Cha, mẹ hoặc người giám hộ của mọi tác giả chưa đủ 18 tuổi đã đồng ý cho dự thi",
                "A parent or guardian of every author under 18 has agreed to the entry",
            ),
            FieldKind.CHECK,
            clause="dong_y_giam_ho",
            official=False,
        ),
        FormField(
            "van_ban_dong_y",
            Text("Văn bản đồng ý của cha, mẹ hoặc người giám hộ", "Written consent of a parent or guardian"),
            FieldKind.FILES,
            help=Text(
                "Bản chụp hoặc bản quét có chữ ký; cần khi có tác giả chưa đủ 18 tuổi. Không gửi giấy khai sinh, "
                "căn cước.",
                "A signed photograph or scan; needed when an author is under 18. Send no birth certificate or "
                "identity card.",
            ),
            clause="dong_y_giam_ho",
            accept=(".pdf", *_IMAGES),
            max_files=10,
            max_bytes=_MAX_BYTES,
            official=False,
        ),
        FormField(
            "dong_y_cong_bo",
            Text(
                "Các tác giả và người đại diện đồng ý công bố tên và sản phẩm",
                "The authors and their representatives agree that names and product are published",
            ),
            FieldKind.CHECK,
            clause="dong_y_cong_bo",
        ),
    )


def _files() -> FormSection:
    return FormSection(
        "tep",
        Text("Bản thuyết minh và hình ảnh", "Description and pictures"),
        (
            FormField(
                "ban_thuyet_minh",
                Text("Bản thuyết minh", "Description"),
                FieldKind.FILES,
                required=True,
                clause="tep_dinh_kem",
                accept=_PAPERS,
                max_files=2,
                max_bytes=_MAX_BYTES,
                official=False,
            ),
            FormField(
                "hinh_anh",
                Text("Ảnh mô hình, sản phẩm", "Pictures of the model or product"),
                FieldKind.FILES,
                help=Text(
                    "Ảnh được công bố cùng sản phẩm; không chụp rõ mặt trẻ em.",
                    "Pictures are published with the product; do not show children's faces.",
                ),
                clause="tep_dinh_kem",
                accept=_IMAGES,
                max_files=5,
                max_bytes=_MAX_BYTES,
                public=True,
                official=False,
            ),
        ),
    )
