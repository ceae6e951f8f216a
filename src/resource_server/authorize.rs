//! From what the token itself has come to, to what the route asks beyond it: its demands, and the issuer's own word by introspection.

use super::{
    Gate, Ground,
    gate::Outcome,
    grant::Entitled,
    known_token::KnownToken,
    possession::unused,
    progress::{InFlight, Stage},
    token_validator::{Candidate, Step},
};
use crate::{crypto::HostVerdict, error::Error, time::UnixTime};

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
            Stage::DenyList(entitled, asked_at) => self.deny_list_answered((entitled, asked_at), request, answer, now),
            Stage::DenyListMoment(entitled, since, waited) => {
                self.deny_list_after((entitled, since, waited), request, now)
            }
            Stage::DenyListBody => self.deny_list_body(answer, now),
            // They end in an answer, and do not come here.
            Stage::DenyListShown | Stage::DenyListChange(_) => Err(Error::RouteUnknown),
            Stage::ProofSignature(entitled, proof) => {
                self.proved(entitled, proof, HostVerdict::from_answer(answer), request, now)
            }
            Stage::ProofUse(entitled, next_nonce) => unused(entitled, next_nonce, answer),
            Stage::UpstreamToken(grant, wait) => self.equipped((grant, wait), request, answer, now),
            Stage::IntrospectionMetadata(entitled, others, asked_at) => {
                self.introspection_metadata((entitled, others, asked_at), request, answer, now)
            }
            Stage::IntrospectionMoment(entitled, since, waited) => {
                self.introspect_after((entitled, since, waited), request, now)
            }
            Stage::Introspection(entitled, asked_at) => {
                self.introspection_answered((entitled, asked_at), request, answer, now)
            }
        }
    }

    /// Goes on from what the token itself has come to.
    pub(super) fn judged(&mut self, step: Step, request: &InFlight, now: UnixTime) -> Result<Outcome, Error> {
        match step {
            Step::Need(need, wait) => Ok(Outcome::need(need, Stage::Token(wait))),
            Step::Valid(known, ground) => self.grant((known, ground), request, now),
        }
    }

    /// The route's demands, introspection where the route asks it, the deny list, then what the token is bound to.
    pub(super) fn grant(
        &mut self,
        known: (KnownToken, Ground),
        request: &InFlight,
        now: UnixTime,
    ) -> Result<Outcome, Error> {
        let entitled = Entitled::new(known, &request.route, &self.validator.issuers, now)?;
        if request.route.introspection {
            self.introspect(Some(entitled), request, now)
        } else {
            self.hold_against_deny_list(entitled, request, now)
        }
    }
}

impl InFlight {
    /// Its token, as the validator takes it.
    pub(super) fn candidate(&self) -> Candidate<'_> {
        Candidate { text: self.token.expose(), issuer: self.issuer, beside: self.sent.bytes() }
    }
}
