//! `Set-Cookie` lines that a recorder joined: each is a cookie of its own (RFC 6265, section 3).

/// The headers with a line for each cookie.
pub(super) fn apart(headers: Vec<(String, String)>) -> Vec<(String, String)> {
    headers
        .into_iter()
        .flat_map(|(name, value)| {
            let values = if name.eq_ignore_ascii_case("set-cookie") {
                split(&value)
            } else {
                vec![value]
            };
            values
                .into_iter()
                .map(|value| (name.clone(), value))
                .collect::<Vec<_>>()
        })
        .collect()
}

/// Lines are joined by line feeds or by commas; a date has a comma too.
fn split(value: &str) -> Vec<String> {
    let mut cookies: Vec<String> = Vec::new();
    for line in value.lines() {
        let mut own: Vec<String> = Vec::new();
        for part in line.split(',') {
            let name = part
                .split(['=', ';', '"'])
                .next()
                .unwrap_or_default()
                .trim();
            let begins = part
                .trim_start()
                .get(name.len()..)
                .is_some_and(|rest| rest.starts_with('='))
                && !name.is_empty()
                && !name.contains(char::is_whitespace);
            match own.last_mut() {
                Some(last) if !begins => {
                    last.push(',');
                    last.push_str(part);
                }
                _ => own.push(part.trim().to_owned()),
            }
        }
        cookies.extend(own.into_iter().filter(|cookie| !cookie.is_empty()));
    }
    cookies
}

#[cfg(test)]
mod tests {
    #[test]
    fn each_cookie_is_a_line() {
        for (value, expected) in [
            ("a=1; Path=/", &["a=1; Path=/"][..]),
            ("a=1; Path=/\nb=2", &["a=1; Path=/", "b=2"]),
            (
                "a=1; Expires=Wed, 21 Oct 2026 07:28:00 GMT, b=2; Path=/",
                &["a=1; Expires=Wed, 21 Oct 2026 07:28:00 GMT", "b=2; Path=/"],
            ),
            ("a=1,2,b=3", &["a=1,2", "b=3"]),
        ] {
            assert_eq!(super::split(value), expected, "{value}");
        }
    }
}
