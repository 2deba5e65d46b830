"""Keys that no provider knows."""

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa


def new_private_key():
    """A private key as the providers hand them out: PKCS#8 in PEM."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem, bare = serialization.Encoding.PEM, serialization.NoEncryption()
    return key.private_bytes(pem, serialization.PrivateFormat.PKCS8, bare).decode()
