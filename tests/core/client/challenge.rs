//! What an API's challenges ask of the client (RFC 9110 section 11.6.1, RFC 6750 section 3, RFC 9449 section 9, RFC 9470 section 3).

use edgeward::{client::Advice, limits};

fn of(www_authenticate: &str) -> Advice {
    Advice::of(401, www_authenticate)
}

fn authenticate(acr_values: Option<&str>, max_age: Option<u64>) -> Advice {
    Advice::Authenticate { acr_values: acr_values.map(String::from), max_age }
}

/// RFC 6750 section 3.1, RFC 9449 sections 7.1 and 9.
#[test]
fn each_error_asks_for_what_helps() {
    let rows = [
        (r#"Bearer error="invalid_token""#, Advice::Renew),
        (r#"DPoP error="invalid_token", algs="ES256""#, Advice::Renew),
        (
            r#"DPoP error="use_dpop_nonce", error_description="Resource server requires nonce in DPoP proof""#,
            Advice::UseNonce,
        ),
        ("Bearer error=invalid_token", Advice::Renew),
        (r#"Bearer realm="a""#, Advice::Nothing),
        ("Bearer", Advice::Nothing),
        ("", Advice::Nothing),
        (r#"Bearer error="insufficient_scope", scope="notes""#, Advice::Nothing),
        (r#"Bearer error="invalid_request""#, Advice::Nothing),
        (r#"DPoP error="invalid_dpop_proof""#, Advice::CheckClock),
        (r#"Bearer error="INVALID_TOKEN""#, Advice::Nothing),
        (r#"Bearer error="invalid_token ""#, Advice::Nothing),
    ];
    for (text, expected) in rows {
        assert_eq!(of(text), expected, "{text}");
    }
}

/// RFC 9110 section 11.6.1: a list of challenges, each with its own parameters, and empty elements anywhere.
#[test]
fn the_first_challenge_that_can_be_followed_counts() {
    let rows = [
        (r#"Basic realm="a", Bearer error="invalid_token""#, Advice::Renew),
        (r#"Bearer realm="a", error="invalid_token", DPoP algs="ES256 PS256""#, Advice::Renew),
        (r#"Bearer realm="a", DPoP error="use_dpop_nonce""#, Advice::UseNonce),
        (r#"DPoP error="use_dpop_nonce", Bearer error="invalid_token""#, Advice::UseNonce),
        (r#", ,Bearer  realm="a" , ,	error = "invalid_token" ,,"#, Advice::Renew),
        (r#"Newauth realm="apps", type=1, title="Login to \"apps\"", Bearer error="invalid_token""#, Advice::Renew),
        (r"Bearer,DPoP,Basic", Advice::Nothing),
    ];
    for (text, expected) in rows {
        assert_eq!(of(text), expected, "{text}");
    }
}

/// RFC 9110 section 11.1: names of schemes and parameters in any case.
#[test]
fn names_count_in_any_case() {
    for text in [r#"bearer error="invalid_token""#, r#"BEARER ERROR="invalid_token""#, r#"dpop Error="invalid_token""#]
    {
        assert_eq!(of(text), Advice::Renew, "{text}");
    }
}

/// RFC 9110 sections 5.6.4 and 11.6.1: what a quoted text holds is no other parameter and no other challenge.
#[test]
fn a_quoted_text_is_one_value() {
    let rows = [
        (r#"Basic realm="x, Bearer error=invalid_token""#, Advice::Nothing),
        (r#"Basic realm="x\", Bearer error=\"invalid_token""#, Advice::Nothing),
        (r#"Basic realm="\\", Bearer error="invalid_token""#, Advice::Renew),
        (r#"Bearer error_description="error=\"x\", y", error="invalid_token""#, Advice::Renew),
        (r#"Bearer error="invalid\_token""#, Advice::Renew),
        ("Bearer realm=\"\u{e9}\u{1f600}\", error=\"invalid_token\"", Advice::Renew),
    ];
    for (text, expected) in rows {
        assert_eq!(of(text), expected, "{text}");
    }
}

/// RFC 9110 section 11.2: a challenge may have one value in place of parameters, with "/", "+" and padding in it.
#[test]
fn a_token68_beside_ours_is_passed_over() {
    for value in ["abc", "YWJj", "a/b+c", "abc=", "abc==", "a.b_c~d-e=="] {
        assert_eq!(of(&format!("Negotiate {value}, Bearer error=\"invalid_token\"")), Advice::Renew, "{value}");
        assert_eq!(of(&format!("Bearer error=\"invalid_token\", Negotiate {value}")), Advice::Renew, "{value}");
        assert_eq!(of(&format!("Negotiate {value}, error=\"invalid_token\"")), Advice::Nothing, "{value}");
        assert_eq!(of(&format!("Bearer {value}, error=\"invalid_token\"")), Advice::Nothing, "{value}");
    }
}

#[test]
fn what_is_malformed_is_no_advice() {
    let texts = [
        r#"Bearer error="invalid_token"#,
        r#"Bearer error="invalid_token\"#,
        r#"Bearer error="invalid_token\""#,
        r#"Bearer error="invalid_token" max_age=1"#,
        r#"Bearer error="invalid_token"x"#,
        r#"Bearer error="invalid_token", error="invalid_token""#,
        r#"Bearer error="x", ERROR="invalid_token""#,
        r#"Bearer error="invalid_token", x="#,
        r#"Bearer error="invalid_token", "x""#,
        r#"Bearer error="invalid_token"; x=1"#,
        r#"Bearer error=="invalid_token""#,
        r#"error="invalid_token""#,
        r#""Bearer" error="invalid_token""#,
        r#"Bearer: error="invalid_token""#,
        "Bearer error='invalid_token'",
        "Bearer\u{a0}error=\"invalid_token\"",
        "Bearer error=\u{2003}\"invalid_token\"",
        "Bearer\nerror=\"invalid_token\"",
        "\u{feff}Bearer error=\"invalid_token\"",
    ];
    for text in texts {
        assert_eq!(of(text), Advice::Nothing, "{text}");
    }
}

/// RFC 6750 section 3: the scheme says whose error it is.
#[test]
fn another_schemes_error_is_not_ours() {
    for scheme in ["Basic", "Digest", "Bearers", "XBearer", "DPoP1", "MAC"] {
        for error in ["invalid_token", "use_dpop_nonce", "invalid_dpop_proof", "insufficient_user_authentication"] {
            assert_eq!(of(&format!("{scheme} error=\"{error}\"")), Advice::Nothing, "{scheme}");
        }
    }
}

/// RFC 6750 section 3.1: `invalid_token` comes with 401.
#[test]
fn an_answer_of_another_status_asks_for_nothing() {
    for status in [0, 200, 204, 302, 400, 403, 407, 429, 500, 503, u16::MAX] {
        assert_eq!(Advice::of(status, r#"Bearer error="invalid_token""#), Advice::Nothing, "{status}");
    }
}

/// RFC 9470 section 3.
#[test]
fn an_insufficient_authentication_asks_for_what_the_challenge_says() {
    let of = |rest: &str| of(&format!("Bearer error=\"insufficient_user_authentication\"{rest}"));
    let rows = [
        ("", authenticate(None, None)),
        (
            r#", error_description="A different authentication level is required", acr_values="myACR""#,
            authenticate(Some("myACR"), None),
        ),
        (r#", acr_values="phrh phr", max_age="5""#, authenticate(Some("phrh phr"), Some(5))),
        (", max_age=0", authenticate(None, Some(0))),
        (", MAX_AGE=300, ACR_VALUES=phr", authenticate(Some("phr"), Some(300))),
    ];
    for (rest, expected) in rows {
        assert_eq!(of(rest), expected, "{rest}");
    }
    let unreadable = [
        "max_age=-1",
        "max_age=+1",
        "max_age=1.5",
        "max_age=\"\"",
        "max_age=\" 1\"",
        "max_age=x",
        "acr_values=\"\"",
        "max_age=253402300800",
        "max_age=18446744073709551616",
        r#"acr_values="a\"b""#,
        "acr_values=\"\u{e9}\"",
        "acr_values=\" \"",
    ];
    for rest in unreadable {
        assert_eq!(of(&format!(", {rest}")), Advice::Nothing, "{rest}: a sign-in without it would be in vain");
    }
}

/// Attack 33.
#[test]
fn a_list_past_the_bound_is_not_read() {
    let of_length = |length: usize| {
        let start = r#"Bearer error="invalid_token", x=""#;
        format!("{start}{}\"", "x".repeat(length - start.len() - 1))
    };
    assert_eq!(of(&of_length(limits::MAX_CHALLENGE_BYTES)), Advice::Renew);
    assert_eq!(of(&of_length(limits::MAX_CHALLENGE_BYTES + 1)), Advice::Nothing);
    assert_eq!(of(&",".repeat(limits::MAX_CHALLENGE_BYTES)), Advice::Nothing);
}

/// What JavaScript gets: JSON, whatever came in.
#[test]
fn advice_is_told_as_json() {
    let rows = [
        (Advice::Nothing, r#"{"advice":"nothing"}"#),
        (Advice::UseNonce, r#"{"advice":"use_nonce"}"#),
        (Advice::CheckClock, r#"{"advice":"check_clock"}"#),
        (Advice::Renew, r#"{"advice":"renew"}"#),
        (authenticate(None, None), r#"{"advice":"authenticate"}"#),
        (authenticate(Some("a b"), Some(5)), r#"{"acr_values":"a b","advice":"authenticate","max_age":5}"#),
    ];
    for (advice, expected) in rows {
        let told: serde_json::Value = serde_json::from_str(&advice.to_json()).unwrap();
        assert_eq!(told, serde_json::from_str::<serde_json::Value>(expected).unwrap());
    }
}
