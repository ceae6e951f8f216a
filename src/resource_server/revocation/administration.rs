//! The route by which the deny list is read and written. Whoever comes here has met what the policy demands of the route: its callers are
//! authenticated as all others are.
//!
//! | method | body | answer |
//! |---|---|---|
//! | `GET` | | 200, the entries |
//! | `POST` | an entry | 201, the entry with its `id` |
//! | `DELETE`, query `id=…` | | 204; 404 where there is no such entry |

use alloc::{
    borrow::ToOwned,
    string::{String, ToString},
    vec::Vec,
};

use super::entry::{Defaults, DenyEntry, is_id};
use crate::{
    error::{Error, Problems},
    json::{Object, Value},
    limits,
    resource_server::{
        About, Gate, Ground, Need, Response,
        gate::Outcome,
        progress::{Decision, InFlight, Progress, Stage},
    },
    time::UnixTime,
};

/// What is to be done with the list.
#[derive(Clone, Debug)]
pub(in crate::resource_server) enum Change {
    /// An entry is written: its `id` and its text.
    Put(String, String),
    /// The entry with this `id` is taken out.
    Remove,
}

impl Gate {
    /// Ends a request to the list's route, once the store has spoken.
    pub(in crate::resource_server) fn administered(
        &mut self,
        stage: Stage,
        request: InFlight,
        answer: Option<&str>,
        now: UnixTime,
    ) -> Progress {
        let answered = match stage {
            Stage::DenyListChange(change) => self.deny_list_changed(&change, answer, now),
            _ => shown(answer),
        };
        match answered {
            Ok(mut response) => {
                response.headers.extend(request.response_headers);
                response.about = About { route: Some(request.route.place), issuer: Some(request.issuer) };
                response.key_set_is_stale = request.used_stale_keys;
                Progress::Decided(Decision::Respond(response))
            }
            Err(error) => self.conclude(Err(error), request, now),
        }
    }

    /// Goes on with the body of a request that writes an entry.
    ///
    /// # Errors
    /// `revocation_invalid` with every problem.
    pub(in crate::resource_server) fn deny_list_body(
        &self,
        body: Option<&str>,
        now: UnixTime,
    ) -> Result<Outcome, Error> {
        let revocation = self.revocation.as_ref().ok_or(UNAVAILABLE)?;
        let body = body.ok_or_else(|| {
            invalid(
                "(document)",
                &alloc::format!("must be sent as UTF-8, at most {} bytes", limits::MAX_DENY_ENTRY_BYTES),
            )
        })?;
        let document = Object::parse(body.as_bytes()).map_err(|error| invalid("(document)", &error.to_string()))?;
        let issuers = &self.validator.issuers;
        let only_issuer = match issuers.as_slice() {
            [only] if only.tenants.is_none() => Some(only.issuer.as_str()),
            _ => None,
        };
        let is_issuer = |iss: &str| issuers.iter().any(|issuer| issuer.issues(iss));
        let lifetime_seconds = revocation.policy.entry_lifetime_seconds;
        let mut problems = Problems::default();
        let defaults = Defaults { is_issuer: &is_issuer, only_issuer, lifetime_seconds, now };
        let entry = DenyEntry::read(&document, &defaults, &mut problems);
        let Some(entry) = entry.filter(|_| problems.is_empty()) else {
            return Err(Error::RevocationInvalid { problems: problems.into_vec() });
        };
        let (id, text, expires_at) = (entry.id(), entry.to_text(), entry.expires_at);
        let change = Change::Put(id.clone(), text.clone());
        Ok(Outcome::need(Need::DenyListPut { id, entry: text, expires_at }, Stage::DenyListChange(change)))
    }

    /// The answer to who has changed the list, once the store has said what became of it.
    ///
    /// # Errors
    /// `deny_list_full`, `deny_list_unavailable`.
    fn deny_list_changed(&mut self, change: &Change, answer: Option<&str>, now: UnixTime) -> Result<Response, Error> {
        // Also where no answer came: it may have been written.
        if let Some(revocation) = &mut self.revocation {
            revocation.written(now);
        }
        match (change, answer) {
            (Change::Put(id, text), Some("written")) => {
                let entry = Object::parse(text.as_bytes()).unwrap_or_default();
                Ok(answered(201, with_id(id, entry).to_string()))
            }
            (Change::Remove, Some("removed")) => Ok(answered(204, String::new())),
            (Change::Remove, Some("absent")) => Err(Error::RevocationUnknown),
            (Change::Put(..), Some("full")) => Err(Error::DenyListFull),
            _ => Err(UNAVAILABLE),
        }
    }
}

/// Begins with a request to the list's route.
///
/// # Errors
/// `method_not_allowed`, `revocation_invalid`.
pub(in crate::resource_server) fn begin(request: &InFlight) -> Result<Outcome, Error> {
    match request.administers.as_deref().unwrap_or_default() {
        "GET" | "HEAD" => Ok(Outcome::need(Need::DenyList, Stage::DenyListShown)),
        "POST" => Ok(Outcome::need(Need::RequestBody, Stage::DenyListBody)),
        "DELETE" => {
            let query = request.forward_to.split_once('?').map_or("", |(_, query)| query);
            let id = query.strip_prefix("id=").filter(|id| is_id(id));
            let id = id.ok_or_else(|| invalid("(query)", "must be \"id=\" with the id of an entry"))?.to_owned();
            Ok(Outcome::need(Need::DenyListRemove { id }, Stage::DenyListChange(Change::Remove)))
        }
        _ => Err(Error::MethodNotAllowed { allow: "GET, POST, DELETE".into() }),
    }
}

/// The answer to who asked for the list.
///
/// # Errors
/// `deny_list_unavailable`.
fn shown(answer: Option<&str>) -> Result<Response, Error> {
    let document = answer.and_then(|text| Object::parse(text.as_bytes()).ok()).ok_or(UNAVAILABLE)?;
    let entries = document.get("entries").and_then(Value::as_array).ok_or(UNAVAILABLE)?;
    let of_store = |value: &Value| -> Option<Value> {
        let entry = DenyEntry::of_store(value)?;
        Some(with_id(&entry.id(), entry.to_object()))
    };
    let entries: Option<Vec<Value>> = entries.iter().map(of_store).collect();
    let body = Object::from([("entries", entries.ok_or(UNAVAILABLE)?.into())]);
    Ok(answered(200, body.to_string()))
}

const UNAVAILABLE: Error = Error::DenyListUnavailable { retry_after_seconds: limits::DENY_LIST_BACKOFF_SECONDS };

fn invalid(path: &str, problem: &str) -> Error {
    Error::RevocationInvalid { problems: Problems::of(path, problem) }
}

fn with_id(id: &str, entry: Object) -> Value {
    let mut shown = Object::from([("id", id.into())]);
    for (name, value) in entry {
        shown.insert(name, value);
    }
    shown.into()
}

fn answered(status: u16, body: String) -> Response {
    let mut headers = Vec::from([("cache-control", "no-store".into())]);
    if !body.is_empty() {
        headers.push(("content-type", "application/json".into()));
    }
    Response::good(status, headers, body, Ground::DenyListServed)
}
