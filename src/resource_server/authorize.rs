//! From what the token itself has come to, to what the route asks beyond it: its demands, and the issuer's own word by introspection.

use super::{
    Gate, Grant,
    gate::Outcome,
    known_token::KnownToken,
    progress::{InFlight, Stage},
    token_validator::{Candidate, Step},
};
use crate::{error::Error, time::UnixTime};

impl Gate {
    /// Goes on from a stage with what it waited for.
    pub(super) fn advance(
        &mut self,
        stage: Stage,
        request: &InFlight,
        answer: Option<&str>,
        now: UnixTime,
    ) -> Result<Outcome, Error> {
        match stage {
            Stage::Token(wait) => {
                let step = self.validator.go_on(wait, request.candidate(), answer, now)?;
                self.judged(step, request, now)
            }
            Stage::IntrospectionMetadata(grant, others) => {
                self.introspection_metadata((grant, others), request, answer, now)
            }
            Stage::IntrospectionMoment(grant, since, waited) => {
                self.introspect_after((grant, since, waited), request, now)
            }
            Stage::Introspection(grant, asked_at) => {
                self.introspection_answered((grant, asked_at), request, answer, now)
            }
        }
    }

    /// Goes on from what the token itself has come to.
    pub(super) fn judged(&mut self, step: Step, request: &InFlight, now: UnixTime) -> Result<Outcome, Error> {
        match step {
            Step::Need(need, wait) => Ok(Outcome::need(need, Stage::Token(wait))),
            Step::Valid(known) => self.grant(known, request, now),
        }
    }

    /// The route's demands, then introspection where the route asks it.
    fn grant(&mut self, known: KnownToken, request: &InFlight, now: UnixTime) -> Result<Outcome, Error> {
        let grant = Grant::new(known, &request.route, &self.validator.issuers, now)?;
        if request.route.introspection {
            self.introspect(Some(grant), request, now)
        } else {
            Ok(Outcome::Granted(grant))
        }
    }
}

impl InFlight {
    /// Its token, as the validator takes it.
    pub(super) fn candidate(&self) -> Candidate<'_> {
        Candidate { text: self.token.expose(), issuer: self.issuer }
    }
}
