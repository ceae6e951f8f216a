//! Tokens that are refused before they expire, by a deny list that the gates share: the copy each of them holds, and the step between what
//! a token opens and the proof that its sender may use it. Who may write to the list comes in by a route of the policy
//! (`administration.rs`).
//!
//! The bound: what is in the list when it is written is seen by every decision that is made `refresh_seconds` later. Where the list can't be read,
//! the copy serves for `stale_if_error_seconds` more, and then nothing passes.

pub(super) mod administration;
mod copy;
mod entry;
mod list;
mod policy;

use self::copy::Standing;
pub(super) use self::{administration::Change, copy::Revocation, policy::RevocationPolicy};
use super::{
    Gate, Need,
    gate::Outcome,
    grant::Entitled,
    key_fetch::next_moment,
    progress::{InFlight, Stage},
};
use crate::{error::Error, limits, time::UnixTime};

impl Gate {
    /// Whether a token is denied, once it is known by a copy of the list that is young enough; then what it is bound to.
    pub(super) fn hold_against_deny_list(
        &mut self,
        entitled: Entitled,
        request: &InFlight,
        now: UnixTime,
    ) -> Result<Outcome, Error> {
        self.deny_list_after((entitled, now, 0), request, now)
    }

    /// The same for who has waited a moment for another's question, since when and how long the last time.
    pub(super) fn deny_list_after(
        &mut self,
        (entitled, since, waited): (Entitled, UnixTime, u32),
        request: &InFlight,
        now: UnixTime,
    ) -> Result<Outcome, Error> {
        let Some(revocation) = &mut self.revocation else {
            return self.prove(entitled, request, now);
        };
        match revocation.standing(now) {
            Standing::Serves => self.not_denied(entitled, request, now),
            Standing::Unavailable { retry_after_seconds } => Err(Error::DenyListUnavailable { retry_after_seconds }),
            Standing::Awaited if now.since(since).as_secs() < limits::MAX_WAIT_FOR_OTHERS_SECONDS => {
                let milliseconds = next_moment(waited.saturating_mul(2));
                let stage = Stage::DenyListMoment(entitled, since, milliseconds);
                Ok(Outcome::need(Need::Moment { milliseconds }, stage))
            }
            Standing::Awaited | Standing::Ask => {
                revocation.asked(now);
                Ok(Outcome::need(Need::DenyList, Stage::DenyList(entitled, now)))
            }
        }
    }

    /// Goes on with the list that was asked for at `asked_at`, or without it.
    pub(super) fn deny_list_answered(
        &mut self,
        (entitled, asked_at): (Entitled, UnixTime),
        request: &InFlight,
        answer: Option<&str>,
        now: UnixTime,
    ) -> Result<Outcome, Error> {
        let Some(revocation) = &mut self.revocation else {
            return Err(Error::DenyListUnavailable { retry_after_seconds: limits::DENY_LIST_BACKOFF_SECONDS });
        };
        let was_read = revocation.answered(answer, asked_at, now);
        match revocation.standing(now) {
            Standing::Serves => self.not_denied(entitled, request, now),
            // It was read for this request, and whatever has changed since, that is as good as the policy wants.
            Standing::Awaited | Standing::Ask if was_read => self.not_denied(entitled, request, now),
            Standing::Unavailable { retry_after_seconds } => Err(Error::DenyListUnavailable { retry_after_seconds }),
            Standing::Awaited | Standing::Ask => {
                Err(Error::DenyListUnavailable { retry_after_seconds: limits::DENY_LIST_BACKOFF_SECONDS })
            }
        }
    }

    fn not_denied(&mut self, entitled: Entitled, request: &InFlight, now: UnixTime) -> Result<Outcome, Error> {
        self.check_deny_list(&entitled, now)?;
        self.prove(entitled, request, now)
    }

    /// Whether a token can be held against the list at once.
    pub(super) fn deny_list_serves(&mut self, now: UnixTime) -> bool {
        self.revocation.as_mut().is_none_or(|revocation| revocation.standing(now) == Standing::Serves)
    }

    /// Holds a token against the copy that there is.
    ///
    /// # Errors
    /// `token_revoked`; `deny_list_unavailable` where there is no copy.
    pub(super) fn check_deny_list(&self, entitled: &Entitled, now: UnixTime) -> Result<(), Error> {
        let Some(revocation) = &self.revocation else {
            return Ok(());
        };
        let issuer = self.validator.issuers.get(entitled.issuer()).map(|issuer| issuer.issuer.as_str());
        let token = entitled.token();
        // An answer of introspection may leave `iss` out (RFC 7662 section 2.2): then it is the one that was asked.
        let issuer = token.issuer().or(issuer).unwrap_or_default();
        revocation.check(token, entitled.introspected_session(), issuer, now)
    }

    /// Begins to read the list ahead of its time. `None` where there is no need any more.
    pub(super) fn begin_deny_list_refresh(&mut self, now: UnixTime) -> Option<Need> {
        let revocation = self.revocation.as_mut().filter(|revocation| revocation.is_refresh_due())?;
        revocation.asked(now);
        Some(Need::DenyList)
    }

    /// Goes on with it.
    pub(super) fn resume_deny_list_refresh(&mut self, answer: Option<&str>, asked_at: UnixTime, now: UnixTime) {
        if let Some(revocation) = &mut self.revocation {
            revocation.answered(answer, asked_at, now);
        }
    }
}
