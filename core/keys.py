"""The key file: key-encryption keys, and the keys derived for indexes and the audit chain.

Lines are `kek ID BASE64` (the last one wraps new data keys, all of them unwrap) and one
`root BASE64`, from which the keys of the blind indexes and of the audit chain are derived.
"""

import base64
import contextlib
import hmac
import logging
import os
import secrets
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from core.errors import Misconfigured

log = logging.getLogger(__name__)
KEY_BYTES = 32
NONCE_BYTES = 12


@dataclass(frozen=True)
class Keys:
    """The opened key file."""

    keks: dict[str, bytes]
    current: str
    root: bytes

    def derived(self, purpose: str) -> bytes:
        return HKDF(SHA256(), KEY_BYTES, None, purpose.encode()).derive(self.root)

    def wrap(self, data_key: bytes, person: str) -> bytes:
        """Encrypt a person's data key; the answer names the key-encryption key used."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        sealed = AESGCM(self.keks[self.current]).encrypt(nonce, data_key, person.encode())
        return self.current.encode() + b":" + nonce + sealed

    def unwrap(self, wrapped: bytes, person: str) -> bytes:
        """Return the data key; raises `Misconfigured` when its key-encryption key is not here."""
        kek_id, _, rest = wrapped.partition(b":")
        kek = self.keks.get(kek_id.decode("ascii", "replace"))
        try:
            if kek is None or len(rest) <= NONCE_BYTES:
                raise InvalidTag
            return AESGCM(kek).decrypt(rest[:NONCE_BYTES], rest[NONCE_BYTES:], person.encode())
        except InvalidTag:
            raise Misconfigured("error.key_does_not_fit") from None


_keys: Keys | None = None
_index_key = b""


def open_file(path: Path, *, create: bool) -> None:
    """Read the key file into this process; with `create`, make one (0600) when it is absent.

    Raises `Misconfigured` when it is absent, unreadable, cannot be made, or is open to other
    users; its group may read it, as container secrets need that.
    """
    if create and not path.exists():
        _create(path)
        log.warning("A new key file was made; without it no patient data can be read: %s", path)
    try:
        text = path.read_text(encoding="ascii")
        mode = path.stat().st_mode
    except (OSError, UnicodeDecodeError):
        raise Misconfigured("error.key_file_missing", path=str(path)) from None
    if mode & 0o007:
        raise Misconfigured("error.key_file_open_to_others", path=str(path))
    use(parse(text, str(path)))


def parse(text: str, path: str) -> Keys:
    """Read the lines of a key file; raises `Misconfigured` when they are not as documented."""
    keks: dict[str, bytes] = {}
    root = b""
    current = ""
    for line in filter(None, map(str.strip, text.splitlines())):
        match line.split():
            case ["kek", kek_id, value] if kek_id.isalnum() and kek_id not in keks:
                keks[kek_id], current = _decoded(value, path), kek_id
            case ["root", value] if not root:
                root = _decoded(value, path)
            case _:
                raise Misconfigured("error.key_file_wrong", path=path)
    if not keks or not root:
        raise Misconfigured("error.key_file_wrong", path=path)
    return Keys(keks, current, root)


def use(keys: Keys) -> None:
    """Make these the keys of the process (tests bring their own)."""
    global _keys, _index_key
    _keys, _index_key = keys, keys.derived("blind index")


def keys() -> Keys:
    if _keys is None:
        raise Misconfigured("error.key_file_missing", path="")
    return _keys


def fresh() -> Keys:
    """Return new random keys."""
    return Keys({"1": secrets.token_bytes(KEY_BYTES)}, "1", secrets.token_bytes(KEY_BYTES))


def blind(purpose: str, value: str) -> str:
    """Return a keyed hash under which an exact value can be found without being stored."""
    keys()
    return hmac.new(_index_key, f"{purpose}\0{value}".encode(), sha256).hexdigest()


def _decoded(value: str, path: str) -> bytes:
    try:
        key = base64.b64decode(value, validate=True)
    except ValueError:
        raise Misconfigured("error.key_file_wrong", path=path) from None
    if len(key) != KEY_BYTES:
        raise Misconfigured("error.key_file_wrong", path=path)
    return key


def _create(path: Path) -> None:
    made = fresh()
    lines = [f"kek 1 {base64.b64encode(made.keks['1']).decode()}"]
    lines.append(f"root {base64.b64encode(made.root).decode()}")
    # Written beside and linked into place: two processes that start at once get one file, whole.
    beside = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write("\n".join(lines) + "\n")
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(beside, path)
        _sync_folder(path.parent)
    except OSError as error:
        raise Misconfigured(
            "error.key_file_not_made", path=str(path), reason=error.strerror
        ) from None
    finally:
        beside.unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    """Data must not outlive a power cut that its key did not."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
