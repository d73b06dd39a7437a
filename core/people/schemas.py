"""What people type about themselves: cleaned, checked, and refused with a sentence at the field."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from marshmallow import EXCLUDE, Schema, ValidationError, fields

from core.kernel.errors import Invalid
from core.kernel.sms import sms_is_configured
from core.kernel.text import clean, clean_line
from core.people.phones import looks_like_phone, normal_phone

LONGEST_EMAIL = 254
LONGEST_NAME = 120
LONGEST_PASSWORD = 200
_EMAIL = re.compile(
    r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]"
)
_PHONE = re.compile(r"\+?[0-9]{8,15}")
_NAME_KINDS = ("L", "M", "N", "Z", "P")


def load(schema: Schema, form: Mapping[str, Any]) -> dict[str, Any]:
    """`form` cleaned and checked by `schema`; raises Invalid with the sentences of each field."""
    try:
        loaded: dict[str, Any] = schema.load(form)
    except ValidationError as error:
        messages = error.messages if isinstance(error.messages, dict) else {"": error.messages}
        raise Invalid({str(key): [str(one) for one in value] for key, value in messages.items()}) from error
    return loaded


class Line(fields.Field[str]):
    """One line of text: cleaned; `empty` is the sentence when nothing is left, `longest` the most characters."""

    def __init__(self, *, longest: int, **settings: Any) -> None:
        super().__init__(load_default="", **settings)
        self.longest = longest

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> str:
        text = self.tidy(value) if isinstance(value, str) else ""
        if len(text) > self.longest:
            raise ValidationError(
                _("Dài quá %(longest)s ký tự, bạn hãy viết ngắn hơn.", longest=self.longest)
            )
        return text

    def tidy(self, value: str) -> str:
        """The text without what does not belong there."""
        return clean_line(value)


class NameLine(Line):
    """A person's name: letters, marks, digits, blanks and stops; pictures and invisible signs are left out."""

    def tidy(self, value: str) -> str:
        """The name without pictures and invisible signs, composed (NFC), with single blanks."""
        kept = "".join(c if unicodedata.category(c)[0] in _NAME_KINDS else "" for c in clean_line(value))
        return clean_line(kept)


class EmailLine(Line):
    """An e-mail address in lower case."""

    def __init__(self) -> None:
        super().__init__(longest=LONGEST_EMAIL)

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> str:
        text = super()._deserialize(value, attr, data, **kwargs).lower()
        if not text:
            raise ValidationError(_("Bạn hãy nhập địa chỉ thư điện tử."))
        if not _EMAIL.fullmatch(text) or len(text.partition("@")[0]) > 64:
            raise ValidationError(
                _(
                    "Địa chỉ thư điện tử chưa đúng. Ví dụ đúng: hoa.nguyen@example.vn, không dấu, không khoảng trắng."
                )
            )
        return text


class LoginLine(EmailLine):
    """What an account is known by: an address of mail in lower case, or a telephone number in E.164.

    Numbers are only taken where short messages can be sent.
    """

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> str:
        text = self.tidy(value) if isinstance(value, str) else ""
        if sms_is_configured():
            if not text:
                raise ValidationError(_("Bạn hãy nhập địa chỉ thư điện tử hoặc số điện thoại."))
            if looks_like_phone(text):
                return mobile_number(text)
        return super()._deserialize(value, attr, data, **kwargs)


class PhoneLine(Line):
    """A telephone number that gets short messages, in E.164."""

    def __init__(self) -> None:
        super().__init__(longest=30)

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> str:
        return mobile_number(super()._deserialize(value, attr, data, **kwargs))


def mobile_number(text: str) -> str:
    """`text` in E.164; raises ValidationError with a sentence."""
    number = normal_phone(text)
    if number is None:
        raise ValidationError(
            _("Số điện thoại chưa đúng. Bạn hãy nhập số di động 10 chữ số, ví dụ 0912 345 678.")
        )
    return number


class PasswordText(fields.Field[str]):
    """A password as typed, composed (NFC) so that every keyboard gives the same; blanks inside count."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(load_default="", **settings)

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> str:
        text = unicodedata.normalize("NFC", value) if isinstance(value, str) else ""
        if not text:
            raise ValidationError(_("Bạn hãy nhập mật khẩu."))
        if len(text) > LONGEST_PASSWORD:
            raise ValidationError(_("Mật khẩu dài quá %(longest)s ký tự.", longest=LONGEST_PASSWORD))
        return text


class CodeText(fields.Field[str]):
    """A one-time code: six digits, blanks and dashes between them forgiven."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> str:
        text = re.sub(r"[\s.-]", "", clean(value)) if isinstance(value, str) else ""
        if not re.fullmatch(r"[0-9]{6}", text):
            raise ValidationError(_("Mã gồm đúng 6 chữ số, xem trong thư vừa gửi cho bạn."))
        return text


class _Form(Schema):
    class Meta:
        """A form carries more than its fields (the CSRF token, the address to go to)."""

        unknown = EXCLUDE


def _check_name(name: str) -> str:
    if not any(unicodedata.category(c)[0] == "L" for c in name):
        raise ValidationError(_("Bạn hãy nhập họ và tên."))
    return name


class EmailForm(_Form):
    """An e-mail address alone."""

    email = EmailLine()


class LoginForm(_Form):
    """An address of mail or a telephone number; the field keeps its name."""

    email = LoginLine()


class PhoneForm(_Form):
    """A telephone number alone."""

    phone = PhoneLine()


class NameForm(_Form):
    """A person's name alone."""

    name = NameLine(longest=LONGEST_NAME, validate=_check_name)


class SignUpForm(LoginForm):
    """A new account."""

    name = NameLine(longest=LONGEST_NAME, validate=_check_name)
    password = PasswordText()


class SignInForm(LoginForm):
    """E-mail and password."""

    password = PasswordText()


class CodeForm(LoginForm):
    """E-mail and the code that was sent there."""

    code = CodeText(load_default="", required=False)


class AppCodeForm(_Form):
    """The code that an authenticator application shows."""

    code = CodeText(load_default="", required=False)


class ResetForm(CodeForm):
    """A code and the password to set with it."""

    password = PasswordText()


class PasswordForm(_Form):
    """A new password; `current` only where the account has one."""

    current = fields.String(load_default="")
    password = PasswordText()


class ProfileForm(_Form):
    """What an account may change about itself."""

    name = NameLine(longest=LONGEST_NAME, validate=_check_name)
    phone = Line(longest=30)


class InviteForm(EmailForm):
    """A person the committee invites."""

    name = NameLine(longest=LONGEST_NAME, validate=_check_name)


def phone_digits(value: str) -> str | None:
    """A telephone number without blanks and stops; None for nothing. Raises Invalid at the field `phone`."""
    text = re.sub(r"[\s().-]", "", value)
    if not text:
        return None
    if not _PHONE.fullmatch(text):
        raise Invalid.one("phone", _("Số điện thoại gồm 8 đến 15 chữ số, ví dụ 0208 123 4567."))
    return text
