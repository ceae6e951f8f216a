//! Routes: which rule governs a request's path and method. What no route names is refused.

use alloc::{borrow::Cow, string::String, sync::Arc, vec, vec::Vec};

use super::requirement::{Reader, Requirement};
use crate::{
    error::{Error, Problems},
    json::Fields,
    limits,
};

/// What a route demands.
#[derive(Clone, Debug)]
pub(super) struct Route {
    /// Its place among the policy's routes.
    pub(super) place: usize,
    /// The methods it takes; empty for all. GET includes HEAD (RFC 9110 section 9.3.2).
    pub(super) methods: Vec<String>,
    /// Anybody may call it: no token is looked at.
    pub(super) public: bool,
    /// What a token must have.
    pub(super) requirement: Requirement,
    /// Whether the authorization server is asked about the token on every request (RFC 7662).
    pub(super) introspection: bool,
    /// Whether its requests read and write the deny list, and do not go to the origin.
    pub(super) deny_list: bool,
}

impl Route {
    /// What a route of a policy may say beside what it demands.
    pub(super) const MEMBERS: [&str; 5] = ["path", "methods", "public", "introspection", "deny_list"];

    /// Reads what the route of a policy at that place says beside its `path`.
    pub(super) fn read(place: usize, fields: &Fields<'_>, reader: &mut Reader<'_>, problems: &mut Problems) -> Self {
        let methods = fields.optional_texts("methods", problems);
        let is_method = |method: &&str| !method.is_empty() && method.bytes().all(|byte| byte.is_ascii_uppercase());
        if methods.as_ref().is_some_and(|methods| methods.is_empty() || !methods.iter().all(is_method)) {
            fields.refuse("methods", "must be upper-case method names, or left out for all methods", problems);
        }
        let public = fields.switch("public", problems);
        let introspection = fields.switch("introspection", problems);
        let deny_list = fields.switch("deny_list", problems);
        let requirement = reader.of_route(fields, problems);
        if deny_list && (public || requirement.is_empty()) {
            let problem = "must stand beside a demand, like \"scope\": who may revoke tokens has to be told apart from who has one";
            fields.refuse("deny_list", problem, problems);
        }
        if public && (!requirement.is_empty() || introspection) {
            let problem =
                "can't stand beside \"scope\", \"introspection\" or any other demand: a public route looks at no token";
            fields.refuse("public", problem, problems);
        }
        let methods = methods.unwrap_or_default().into_iter().map(Into::into).collect();
        Self { place, methods, public, requirement, introspection, deny_list }
    }

    fn takes(&self, method: &str) -> bool {
        let named = |name: &str| self.methods.iter().any(|own| own == name);
        self.methods.is_empty() || named(method) || (method == "HEAD" && named("GET"))
    }

    /// Whether some method is taken by both.
    pub(super) fn overlaps(&self, other: &Self) -> bool {
        self.methods.is_empty()
            || other.methods.is_empty()
            || other.methods.iter().any(|method| self.takes(method))
            || self.methods.iter().any(|method| other.takes(method))
    }
}

/// All routes, found by their path in a time that grows with the logarithm of their number.
#[derive(Clone, Debug, Default)]
pub(super) struct Routes {
    /// Whole paths, e.g. "/data".
    exact: Paths<Vec<Arc<Route>>>,
    /// Prefixes without the "/*", e.g. "/files", or "" for everything.
    prefix: Paths<Vec<Arc<Route>>>,
    /// The same paths folded: see [`fold`].
    folded_exact: Paths<()>,
    folded_prefix: Paths<()>,
}

impl Routes {
    /// Adds a route; says what is wrong where the pattern is no plain path or a route for the same requests is there.
    pub(super) fn insert(&mut self, pattern: &str, route: Route) -> Result<(), &'static str> {
        let (map, folded, path) = match pattern.strip_suffix("/*") {
            Some(prefix) => (&mut self.prefix, &mut self.folded_prefix, prefix),
            None => (&mut self.exact, &mut self.folded_exact, pattern),
        };
        let is_root = pattern == "/" || pattern == "/*";
        let is_plain = path.starts_with('/')
            && !path.contains(['%', '*', '\\', '?', '#'])
            && path.split('/').skip(1).all(|segment| !["", ".", ".."].contains(&segment));
        if !is_root && !is_plain {
            return Err("must be a plain path like \"/data\", or end in \"/*\" for everything below");
        }
        match map.get_mut(path) {
            Some(same_path) if same_path.iter().any(|present| present.overlaps(&route)) => {
                return Err("another route has the same path and a method in common");
            }
            Some(same_path) => same_path.push(Arc::new(route)),
            None => map.insert(path.into(), vec![Arc::new(route)]),
        }
        folded.insert(fold(path).into_owned(), ());
        Ok(())
    }

    /// Whether there are routes that take tokens, and each takes such alone as are bound by DPoP.
    pub(super) fn take_dpop_alone(&self) -> bool {
        let all = self.exact.0.iter().chain(&self.prefix.0).flat_map(|(_, routes)| routes);
        let mut of_tokens = all.filter(|route| !route.public).peekable();
        of_tokens.peek().is_some() && of_tokens.all(|route| route.requirement.is_met_by_dpop_alone())
    }

    /// The route for a request. The most specific pattern decides, an exact path before the longest prefix;
    /// where it does not take the method, no less specific one is asked.
    ///
    /// # Errors
    /// `path_ambiguous`, `route_unknown`, `method_not_allowed`.
    pub(super) fn find(&self, method: &str, path: &str) -> Result<&Arc<Route>, Error> {
        let path = decode_path(path).ok_or(Error::PathAmbiguous)?;
        let (candidates, pattern) = if let Some(routes) = self.exact.get(&path) {
            (routes, Pattern::Exact(fold(&path)))
        } else {
            let prefix = longest(&path, |prefix| self.prefix.get(prefix).is_some()).ok_or(Error::RouteUnknown)?;
            (self.prefix.get(prefix).ok_or(Error::RouteUnknown)?, Pattern::Prefix(fold(prefix)))
        };
        // "/ADMIN", "/admin." and "/admin/" are "/admin" to many an origin, so they must not lead past its route to a weaker one.
        let folded = fold(&path);
        if self.folded_pattern(&folded) != Some(pattern) {
            return Err(Error::RouteUnknown);
        }
        candidates.iter().find(|route| route.takes(method)).ok_or_else(|| Error::MethodNotAllowed {
            allow: candidates.iter().flat_map(|route| route.methods.iter().cloned()).collect::<Vec<_>>().join(", "),
        })
    }

    /// The pattern that would decide if letters of either case, and what [`fold`] takes off, were the same to us as well.
    fn folded_pattern<'a>(&self, folded: &'a str) -> Option<Pattern<'a>> {
        if self.folded_exact.get(folded).is_some() {
            return Some(Pattern::Exact(folded.into()));
        }
        longest(folded, |prefix| self.folded_prefix.get(prefix).is_some()).map(|prefix| Pattern::Prefix(prefix.into()))
    }
}

/// Values by path, in the order of the paths.
#[derive(Clone, Debug, Default)]
struct Paths<T>(Vec<(String, T)>);

impl<T> Paths<T> {
    fn place(&self, path: &str) -> Result<usize, usize> {
        self.0.binary_search_by(|(own, _)| own.as_str().cmp(path))
    }

    fn get(&self, path: &str) -> Option<&T> {
        self.0.get(self.place(path).ok()?).map(|(_, value)| value)
    }

    fn get_mut(&mut self, path: &str) -> Option<&mut T> {
        let place = self.place(path).ok()?;
        self.0.get_mut(place).map(|(_, value)| value)
    }

    /// Adds a value, where the path has none yet.
    fn insert(&mut self, path: String, value: T) {
        if let Err(place) = self.place(&path) {
            self.0.insert(place, (path, value));
        }
    }
}

/// A pattern, folded.
#[derive(PartialEq, Eq)]
enum Pattern<'a> {
    Exact(Cow<'a, str>),
    Prefix(Cow<'a, str>),
}

/// The longest of a path's prefixes, whole segments each, that is known.
fn longest(path: &str, is_known: impl Fn(&str) -> bool) -> Option<&str> {
    let mut prefix = path;
    while !is_known(prefix) {
        (prefix, _) = prefix.rsplit_once('/')?;
    }
    Some(prefix)
}

/// Whether a path is its own decoding and its own [`fold`], as nearly all are: then neither has to be made of it. To say no is always safe.
fn is_simple(path: &str) -> bool {
    let is_plain = |byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'/');
    path.bytes().all(is_plain) && !path.ends_with('/') && !path.contains("//")
}

/// A letter as it is where case makes no difference. Outside of ASCII all are one: which of them are the same depends on the origin's
/// tables, and it is safe to take too many for the same.
const fn fold_letter(letter: char) -> char {
    match letter {
        // The four that some table has as an ASCII letter of the other case (Unicode, SpecialCasing and UnicodeData).
        '\u{212a}' => 'k',
        '\u{17f}' => 's',
        '\u{130}' | '\u{131}' => 'i',
        '\u{80}'.. => '\u{80}',
        _ => letter.to_ascii_lowercase(),
    }
}

/// A path as an origin may read it that ignores case, a slash at the end, and dots and spaces at the end of a segment.
fn fold(path: &str) -> Cow<'_, str> {
    if is_simple(path) {
        return path.into();
    }
    let segments = path.split('/').map(|segment| segment.trim_end_matches(['.', ' ']));
    let folded = segments.collect::<Vec<_>>().join("/").chars().map(fold_letter).collect::<String>();
    if folded == "/" { folded.into() } else { String::from(folded.trim_end_matches('/')).into() }
}

/// The path with its percent-encoding undone exactly once. `None` for every path that an origin could read differently:
/// encoded or back-turned separators, dot segments, empty segments, control characters, what still holds a "%" after
/// decoding, and what is not UTF-8.
fn decode_path(path: &str) -> Option<Cow<'_, str>> {
    if path.len() > limits::MAX_PATH_BYTES || !path.starts_with('/') {
        return None;
    }
    if is_simple(path) {
        return Some(path.into());
    }
    let mut decoded = String::with_capacity(path.len());
    let mut segments = path.split('/').skip(1).peekable();
    while let Some(segment) = segments.next() {
        let text = percent_encoding::percent_decode_str(segment).decode_utf8().ok()?;
        let is_last = segments.peek().is_none();
        let is_unsafe = |c: char| matches!(c, '/' | '\\' | '%' | ';') || c.is_control();
        if text.contains(is_unsafe) || text == "." || text == ".." || (text.is_empty() && !is_last) {
            return None;
        }
        decoded.push('/');
        decoded.push_str(&text);
    }
    Some(decoded.into())
}
