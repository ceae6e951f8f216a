"""Tokens signed by PyJWT and jwcrypto, one row a line on stdout: the second part of tests/vectors/interop.jsonl.

Private keys are made here, used once and never written.
"""

import json
import sys
from importlib.metadata import version
from pathlib import Path

import jwt
from jwcrypto import jwk as jwcrypto_jwk
from jwcrypto import jws as jwcrypto_jws
from jwcrypto import jwt as jwcrypto_jwt

SHAPES = json.loads(Path(__file__).with_name("shapes.json").read_text("utf-8"))

ALGORITHMS = {
    "ES256": {"kty": "EC", "crv": "P-256"},
    "ES384": {"kty": "EC", "crv": "P-384"},
    "ES512": {"kty": "EC", "crv": "P-521"},
    "EdDSA": {"kty": "OKP", "crv": "Ed25519"},
    "Ed25519": {"kty": "OKP", "crv": "Ed25519"},
    "PS256": {"kty": "RSA"},
    "PS384": {"kty": "RSA"},
    "PS512": {"kty": "RSA"},
    "RS256": {"kty": "RSA"},
    "RS384": {"kty": "RSA"},
    "RS512": {"kty": "RSA"},
}

made = {}


def key_for(library, alg, bits, variant=""):
    """RSA keys take long to make, so one of a size serves every RSA algorithm."""
    kind = ALGORITHMS[alg]
    name = (library, bits if kind["kty"] == "RSA" else alg, variant)
    if name not in made:
        size = {"size": bits} if kind["kty"] == "RSA" else {}
        made[name] = jwcrypto_jwk.JWK.generate(**kind, **size)
    return made[name]


def by_pyjwt(key, header, claims, payload):
    alg = header["alg"]
    private = jwt.PyJWK(key.export(as_dict=True), algorithm=alg).key
    # PyJWT writes "typ": "JWT" unless it is told that there is none.
    headers = {"typ": None, **{name: value for name, value in header.items() if name != "alg"}}
    if payload is not None:
        return jwt.api_jws.encode(payload, private, algorithm=alg, headers=headers)
    return jwt.encode(claims, private, algorithm=alg, headers=headers)


def by_jwcrypto(key, header, claims, payload):
    if payload is not None:
        signed = jwcrypto_jws.JWS(payload)
        signed.add_signature(key, protected=json.dumps(header))
        return signed.serialize(compact=True)
    token = jwcrypto_jwt.JWT(header=header, claims=claims)
    token.make_signed_token(key)
    return token.serialize()


def row(library, sign, alg, number, shape):
    key = key_for(library, alg, shape["rsa_bits"])
    header = {"alg": alg, **shape["header"]}
    if "kid_bytes" in shape:
        header["kid"] *= shape["kid_bytes"]
    claims = dict(shape.get("claims", {}))
    if "padding_bytes" in shape:
        claims["padding"] = "x" * shape["padding_bytes"]
    payload = bytes.fromhex(shape["payload_hex"]) if "payload_hex" in shape else None
    token = sign(key, header, claims, payload)

    members = dict(shape["jwk"])
    in_set, names_alg = members.pop("in_set", False), members.pop("alg", False)
    public = lambda of: {k: v for k, v in of.export_public(as_dict=True).items() if k != "kid"}
    jwk = {**public(key), **members}
    if names_alg:
        jwk["alg"] = alg
    if "kid" in header:
        jwk["kid"] = header["kid"]
    keys = {"jwk": jwk}
    if in_set:
        # Another key of the same type stands before the right one: only `kid` tells them apart.
        keys = {"jwks": {"keys": [{**public(key_for(library, alg, 2048, "other")), "kid": "other"}, jwk]}}
    judged = {"now": SHAPES["now"], "options": shape["options"]} if shape["layer"] == "jwt" else {}
    return {
        "id": f"interop-{library.lower()}-{alg}-{number}",
        "source": f"{library} {version(library)}",
        "layer": shape["layer"],
        "expect": "valid",
        "why": shape["name"],
        "flags": [],
        "alg": alg,
        "token": token,
        **keys,
        **judged,
    }


def main():
    # PyJWT has no Ed25519 by its fully-specified name (RFC 9864).
    offered = {"PyJWT": [alg for alg in ALGORITHMS if alg != "Ed25519"], "jwcrypto": list(ALGORITHMS)}
    for library, sign in (("PyJWT", by_pyjwt), ("jwcrypto", by_jwcrypto)):
        for alg in offered[library]:
            for number, shape in enumerate(SHAPES["shapes"], 1):
                sys.stdout.write(json.dumps(row(library, sign, alg, number, shape), separators=(",", ":")) + "\n")


main()
