//! What an issuer's tokens must say, as a policy has it: audience, kind, clock tolerance; and the algorithms they may be signed with.

use alloc::{format, string::String, vec::Vec};

use crate::{
    error::Problems,
    jose::{Algorithm, algorithm::ALGORITHMS},
    json::Fields,
    jwt::{Rules, RulesBuilder, TakenBindings},
    limits,
};

/// What every token of an issuer must say.
pub(super) struct Demands {
    pub(super) audience: Vec<String>,
    profile: RulesBuilder,
    clock_tolerance_seconds: u64,
}

impl Demands {
    pub(super) fn read(fields: &Fields<'_>, problems: &mut Problems) -> Option<Self> {
        let audience = fields.text_or_texts("audience", problems);
        if audience.as_ref().is_some_and(|audience| audience.is_empty() || audience.contains(&"")) {
            let problem = "must name at least one audience; a token for anybody is a token for nobody";
            fields.refuse("audience", problem, problems);
        }
        let profile = read_profile(fields, problems);
        let tolerance = fields.optional_count("clock_tolerance_seconds", problems);
        let clock_tolerance_seconds = tolerance.unwrap_or(limits::DEFAULT_CLOCK_TOLERANCE_SECONDS);
        if clock_tolerance_seconds > limits::MAX_CLOCK_TOLERANCE_SECONDS {
            let problem = format!("must be at most {} seconds", limits::MAX_CLOCK_TOLERANCE_SECONDS);
            fields.refuse("clock_tolerance_seconds", &problem, problems);
        }
        let audience = audience?.into_iter().map(Into::into).collect();
        Some(Self { audience, profile, clock_tolerance_seconds })
    }

    /// What the issuer's JWTs must say; `whose` names the issuer.
    pub(super) fn rules(
        &self,
        whose: impl FnOnce(RulesBuilder) -> RulesBuilder,
        taken: TakenBindings,
    ) -> Option<Rules> {
        self.rules_of(whose(self.profile.clone()), taken)
    }

    /// What introspection must say of its tokens.
    pub(super) fn introspection_rules(
        &self,
        whose: impl FnOnce(RulesBuilder) -> RulesBuilder,
        taken: TakenBindings,
    ) -> Option<Rules> {
        self.rules_of(whose(Rules::introspection()), taken)
    }

    fn rules_of(&self, builder: RulesBuilder, taken: TakenBindings) -> Option<Rules> {
        let builder = builder.taking_bindings(taken).clock_tolerance_seconds(self.clock_tolerance_seconds);
        // Whatever could fail here is among the problems already.
        self.audience.iter().fold(builder, RulesBuilder::audience).build().ok()
    }
}

/// Which kind of access token the issuer makes: `at+jwt` is that of RFC 9068, `jwt` that of providers that predate it.
fn read_profile(fields: &Fields<'_>, problems: &mut Problems) -> RulesBuilder {
    match fields.defaulted_text("token_profile", problems) {
        Some("jwt") => return Rules::legacy_access_token(),
        None | Some("at+jwt") => {}
        Some(_) => fields.refuse("token_profile", "must be \"at+jwt\" or \"jwt\"", problems),
    }
    Rules::access_token()
}

/// The algorithms that are named; none where the document leaves them open.
pub(super) fn read_algorithms(fields: &Fields<'_>, problems: &mut Problems) -> Vec<&'static Algorithm> {
    let Some(names) = fields.optional_texts("algorithms", problems) else {
        return Vec::new();
    };
    let algorithms: Vec<_> = names.iter().filter_map(|name| Algorithm::by_name(name)).collect();
    if algorithms.is_empty() || algorithms.len() != names.len() {
        let problem = format!("must be names of signature algorithms: {}", named(ALGORITHMS.iter().copied()));
        fields.refuse("algorithms", &problem, problems);
    }
    algorithms
}

/// Their names, for a sentence.
pub(super) fn named(algorithms: impl Iterator<Item = &'static Algorithm>) -> String {
    algorithms.map(Algorithm::name).collect::<Vec<_>>().join(", ")
}
