//! Why a request was not refused, and what a decision is about: what logs and metrics want to know of a good request.
//!
//! Errors have their codes in [`Error::TABLE`](crate::Error::TABLE); these are the codes of all other decisions, so that each has one.

/// What a decision rests on that is no refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ground {
    /// The route is public: no token was looked at.
    PublicRoute,
    /// The token's signature was checked, and what it says holds.
    TokenVerified,
    /// The token was found good before and still is; its signature was not checked again.
    TokenKnown,
    /// The issuer was asked about the token (RFC 7662) and has said that it is good.
    TokenIntrospected,
    /// The issuer was asked about the token by an earlier request, and its answer still serves.
    IntrospectionKnown,
    /// The answer to a preflight (the Fetch standard, section 3.3).
    PreflightAnswered,
    /// The protected resource metadata, or the answer to a preflight for it (RFC 9728 section 3).
    MetadataServed,
    /// The deny list was read or written, by who may.
    DenyListServed,
}

/// One row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// The stable code.
    pub code: &'static str,
    /// What it means, for a person.
    pub meaning: &'static str,
}

// A `match` for the codes alone, as with errors: so a module comes without the sentences, which it does not show.
macro_rules! table {
    ($($ground:ident $place:literal $code:literal $meaning:literal;)*) => {
        impl Ground {
            /// Every code there is. The TypeScript union and `docs/errors.md` are made from it.
            pub const TABLE: &[Row] = &[$(Row { code: $code, meaning: $meaning },)*];

            /// The stable code, for logs and metrics. Codes are never renamed, and none is an error's.
            pub const fn code(self) -> &'static str {
                match self {
                    $(Self::$ground => $code,)*
                }
            }

            /// Its place in [`Self::TABLE`].
            pub const fn place(self) -> usize {
                match self {
                    $(Self::$ground => $place,)*
                }
            }
        }
    };
}

table! {
    PublicRoute 0 "public_route" "the route is public: no token was looked at";
    TokenVerified 1 "token_verified" "the token's signature was checked, and what it says holds";
    TokenKnown 2 "token_known" "the token was found good before and still is; its signature was not checked again";
    TokenIntrospected 3 "token_introspected" "the issuer was asked about the token and has said that it is good (RFC 7662)";
    IntrospectionKnown 4 "introspection_known" "an earlier request has asked the issuer about the token, and the answer still serves";
    PreflightAnswered 5 "preflight_answered" "a preflight was answered by the policy's `cors`";
    MetadataServed 6 "metadata_served" "the protected resource metadata was served (RFC 9728)";
    DenyListServed 7 "deny_list_served" "the deny list was read or written, by a token that may";
}

/// What a decision is about, by places in the policy: never by what the request says of itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct About {
    /// The place of the route among the policy's `routes`. `None` where none governs the request.
    pub route: Option<usize>,
    /// The place of the token's issuer among the policy's `issuers`. `None` where no token was looked at, or it is nobody's that is trusted. Until
    /// the signature has held, it is only what the token claims.
    pub issuer: Option<usize>,
}
