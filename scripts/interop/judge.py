"""What PyJWT and jwcrypto say of each row of stdin, called as their documentation shows for a key set, with every check that
they offer. One line of JSON on stdout: the versions, and the verdicts by id.
"""

import json
import sys
import warnings
from importlib.metadata import version

import jwt
from jwcrypto import common as jwcrypto_common
from jwcrypto import jwk as jwcrypto_jwk
from jwcrypto import jwt as jwcrypto_jwt


class KeySet(jwt.PyJWKClient):
    """PyJWT's client for key sets, with the set at hand instead of fetched."""

    def __init__(self, jwk_set):
        super().__init__("https://login.example/keys", cache_jwk_set=False)
        self.jwk_set = jwk_set

    def fetch_data(self):
        return self.jwk_set


def by_pyjwt(row):
    key = KeySet(row["jwks"]).get_signing_key_from_jwt(row["token"])
    judge = jwt.PyJWT(options={"enforce_minimum_key_length": True})
    judge.decode(
        row["token"],
        key,
        algorithms=[row["alg"]],
        issuer=row["options"]["iss"],
        audience=row["options"]["aud"],
        options={"require": ["exp"]},
    )


def by_jwcrypto(row):
    keys = jwcrypto_jwk.JWKSet.from_json(json.dumps(row["jwks"]))
    jwcrypto_jwt.JWT(
        jwt=row["token"],
        key=keys,
        algs=[row["alg"]],
        expected_type="JWS",
        strict_serialization=True,
        check_claims={"iss": row["options"]["iss"], "aud": row["options"]["aud"], "exp": None},
    )


# jwcrypto names ValueError among what it raises.
JUDGES = {
    "PyJWT": (by_pyjwt, jwt.PyJWTError),
    "jwcrypto": (by_jwcrypto, (jwcrypto_common.JWException, ValueError)),
}


def verdict(judge, own_errors, row):
    """Whether it accepts or refuses; in brackets, an error that is none of the library's own."""
    try:
        judge(row)
    except own_errors:
        return "refuses"
    except Exception as error:  # whatever it is, the token was not taken
        return f"refuses ({type(error).__name__})"
    # Neither can be told which `typ` the header must have.
    is_about_typ = "typ" in row["options"] and row["expect"] == "invalid"
    return "has no such check" if is_about_typ else "accepts"


def main():
    warnings.simplefilter("ignore")
    rows = [json.loads(line) for line in sys.stdin if line.strip()]
    answer = {
        library: {
            "version": version(library),
            "verdicts": {row["id"]: verdict(judge, own_errors, row) for row in rows},
        }
        for library, (judge, own_errors) in JUDGES.items()
    }
    print(json.dumps(answer))


main()
