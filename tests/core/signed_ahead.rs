//! Tokens signed ahead of time, for tests that can't sign: those in JavaScript runtimes. The keys are those of RFC 7515 appendices
//! A.2.1 and A.3.1, and every token speaks of the moment [`NOW`]. A test of the client binary signs each again and compares.

/// The moment they are good at, in seconds since the epoch.
pub const NOW: u32 = 1_700_000_000;

/// The public keys.
pub const KEY_SET: &str = r#"{"keys":[{"kty":"RSA","kid":"rsa-1","use":"sig","alg":"RS256","n":"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ","e":"AQAB"},{"kty":"EC","crv":"P-256","kid":"ec-1","use":"sig","alg":"ES256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}]}"#;

/// RFC 9068, of "alice" for `https://api.example` with scope "notes", good for 300 seconds.
pub const RS256_ACCESS_TOKEN: &str = "eyJhbGciOiJSUzI1NiIsImtpZCI6InJzYS0xIiwidHlwIjoiYXQrand0In0.eyJpc3MiOiJodHRwczovL2FzLmV4YW1wbGUiLCJzdWIiOiJhbGljZSIsImF1ZCI6Imh0dHBzOi8vYXBpLmV4YW1wbGUiLCJjbGllbnRfaWQiOiJzcGEiLCJzY29wZSI6Im5vdGVzIiwianRpIjoiajEiLCJpYXQiOjE3MDAwMDAwMDAsImV4cCI6MTcwMDAwMDMwMH0.QJqxeCUg1zjjyUtY_iOMouirNwU1HvtUiox2iWaiKSzvYybY-UdxAbo1UBTYnv9rmAmUHUe3CP4K82fMselA9iGlT_FgUGx1UsXcn099wQs-qE73sv846YfnEPRwjNwk3w1PHZtKvC_LmQL7ayr-NJ6n4xReZW6gH9srWfn8_1l3brrWTSMf57jZ2usbz1EvoTvRY2M7qrU3rrCSzrFcuBm9AgMULFAom6ziMb-ngjWL0d5-PVuyQy-C33e6n-FeyHXI3csqBdkYI1G5xrAuk7323oOqIC2P0zLHHp5asx8QRkgxjT6r208LDNh2KGDeYn7lYc9O2uUswjy7FYbQ-g";

/// The same by the other key.
pub const ES256_ACCESS_TOKEN: &str = "eyJhbGciOiJFUzI1NiIsImtpZCI6ImVjLTEiLCJ0eXAiOiJhdCtqd3QifQ.eyJpc3MiOiJodHRwczovL2FzLmV4YW1wbGUiLCJzdWIiOiJhbGljZSIsImF1ZCI6Imh0dHBzOi8vYXBpLmV4YW1wbGUiLCJjbGllbnRfaWQiOiJzcGEiLCJzY29wZSI6Im5vdGVzIiwianRpIjoiajEiLCJpYXQiOjE3MDAwMDAwMDAsImV4cCI6MTcwMDAwMDMwMH0.cdephysHaINu9O51bIaoLIbj7ceYCtWVg5LgO6sepp2H8wdV8UtM0sChAnjH6OvZM6HHQa7YAa-KG8-DWXKbOg";

/// Of a provider that predates RFC 9068: no `typ`, no `iat`; it expired an hour before [`NOW`].
pub const EXPIRED_LEGACY_TOKEN: &str = "eyJhbGciOiJSUzI1NiIsImtpZCI6InJzYS0xIn0.eyJpc3MiOiJodHRwczovL2FzLmV4YW1wbGUiLCJzdWIiOiJhbGljZSIsImF1ZCI6Imh0dHBzOi8vYXBpLmV4YW1wbGUiLCJzY29wZSI6Im5vdGVzIiwiZXhwIjoxNjk5OTk2NDAwfQ.OKQj-IUbnbGoMpQ73rsGPKPbsQIp3OUznYIHiZlwJ1NUXtgWaph4TdEKm5x-qUROKnU8wbuZ3UG_NbltlvkEre7CHLyYuUIncZeLl6M4y6Twzua0BDB8uyN7Hm5hOpiS2MkmYN4kRue7InJfDM4f3GEtuh-eusVvY44y28m2EQh1-QpBXLjEmC4AZ7rOFZI_arSXpFDLda7Jlx8z5H4xjmA06nIKCQUzFegpD3W_pD6Civlr3RIf-vlvBTjpQFb5XtXrngqUtnid2jYs0e4RxtfWqajpHBVGcfdNLSNw5SAkpjPvLL_IMm6f6AOXREZHLsi_u7DFTY3YzeXFEoaGHQ";

/// Of "alice" for the client "spa" with the nonce "fixed-nonce", good for 300 seconds.
pub const ID_TOKEN: &str = "eyJhbGciOiJFUzI1NiIsImtpZCI6ImVjLTEiLCJ0eXAiOiJKV1QifQ.eyJpc3MiOiJodHRwczovL2FzLmV4YW1wbGUiLCJzdWIiOiJhbGljZSIsImF1ZCI6InNwYSIsIm5vbmNlIjoiZml4ZWQtbm9uY2UiLCJpYXQiOjE3MDAwMDAwMDAsImV4cCI6MTcwMDAwMDMwMCwibmFtZSI6IkFsaWNlIn0.uNci4u9KjhkfG6eQPSTYHvmnVnjJvpft6KI5VYgf8GS6qEzS2GhI8ROsNUDhOw_0FqR1Zam28oRCV_5aYKAyhA";
