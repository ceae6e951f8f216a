//! What every header of an answer must look like, and `WWW-Authenticate` as a strict client reads it.

use edgeward::resource_server::Header;

/// A scheme and its parameters.
pub type Challenge<'a> = (&'a str, Vec<(&'a str, &'a str)>);

/// Printable ASCII, and in quoted strings nothing that ends one or escapes.
pub fn assert_plain(headers: &[Header], about: &str) {
    for (name, value) in headers {
        assert!(value.bytes().all(|byte| matches!(byte, 0x20..=0x7e)), "{about}: {name}: {value:?}");
        if *name == "www-authenticate" {
            challenges(value).unwrap_or_else(|| panic!("{about}: {value:?}"));
        }
    }
}

/// Reads `WWW-Authenticate` to its end by RFC 9110 sections 11.2 and 11.6.1: the schemes, and the parameters of each once.
pub fn challenges(value: &str) -> Option<Vec<Challenge<'_>>> {
    let mut read: Vec<Challenge<'_>> = Vec::new();
    let mut rest = value;
    while !rest.is_empty() {
        let (name, quoted) = rest.split_once("=\"")?;
        let name = match name.split_once(' ') {
            Some((scheme, name)) => {
                read.push((scheme, Vec::new()));
                name
            }
            None => name,
        };
        let is_token =
            |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        let (text, after) = quoted.split_once('"')?;
        let (scheme, parameters) = read.last_mut()?;
        if !is_token(scheme) || !is_token(name) || text.contains('\\') || parameters.iter().any(|(own, _)| *own == name)
        {
            return None;
        }
        parameters.push((name, text));
        rest = if after.is_empty() { after } else { after.strip_prefix(", ")? };
    }
    Some(read)
}
