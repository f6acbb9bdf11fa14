//! A body that is a sequence of records, taken apart.

use plumbline_specs::api::{Framing, Stream};
use serde_json::Value;
use std::borrow::Cow;

/// How many records of one body are judged.
const RECORDS: usize = 10_000;

/// What the JSON of a record may take in memory, in bytes.
const VALUES: u64 = 128 << 20;

/// The text of each record of a body, and what is left of it without an end.
pub(crate) fn records<'b>(
    stream: &'b Stream,
    body: &'b [u8],
) -> Result<(Vec<Cow<'b, str>>, Cow<'b, str>), String> {
    let text = std::str::from_utf8(body).map_err(|error| {
        format!(
            "the stream is not UTF-8 after {} bytes",
            error.valid_up_to()
        )
    })?;
    Ok(match stream.framing {
        Framing::JsonLines => lines(&stream.delimiter, text),
        Framing::ServerSentEvents => events(text),
    })
}

fn lines<'b>(delimiter: &str, text: &'b str) -> (Vec<Cow<'b, str>>, Cow<'b, str>) {
    let delimiter = if delimiter.is_empty() {
        "\n"
    } else {
        delimiter
    };
    let (ended, rest) = text.rsplit_once(delimiter).unwrap_or(("", text));
    let records = ended
        .split(delimiter)
        .filter(|piece| !piece.trim().is_empty())
        .take(RECORDS)
        .map(Cow::Borrowed)
        .collect();
    (records, Cow::Borrowed(rest))
}

/// The data of each event (WHATWG HTML, section 9.2.6): a blank line ends one.
fn events(text: &str) -> (Vec<Cow<'_, str>>, Cow<'_, str>) {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut records = Vec::new();
    let mut data: Vec<&str> = Vec::new();
    for line in text
        .split('\n')
        .map(|line| line.strip_suffix('\r').unwrap_or(line))
    {
        if line.is_empty() {
            // The end mark that several vendors send is no record.
            if !data.is_empty() && data != ["[DONE]"] && records.len() < RECORDS {
                records.push(joined(&data));
            }
            data.clear();
        } else if records.len() < RECORDS
            && let Some(value) = line.strip_prefix("data:")
        {
            data.push(value.strip_prefix(' ').unwrap_or(value));
        }
    }
    (records, joined(&data))
}

fn joined<'b>(data: &[&'b str]) -> Cow<'b, str> {
    match data {
        [only] => Cow::Borrowed(only),
        data => Cow::Owned(data.join("\n")),
    }
}

/// The JSON of a record, or why it is none.
pub(crate) fn json(record: &str) -> Result<Value, String> {
    if crate::weight::of_json(record.as_bytes()) > VALUES {
        return Err(format!("its values take more than {VALUES} bytes"));
    }
    serde_json::from_str(record).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::{events, lines};

    #[test]
    fn a_record_without_its_delimiter_is_left_over() {
        let (records, rest) = lines("\r\n", "{\"a\":1}\r\n{\"a\":2}\r\n{\"a\":");
        assert_eq!(records, ["{\"a\":1}", "{\"a\":2}"]);
        assert_eq!(rest, "{\"a\":");
    }

    #[test]
    fn events_join_their_data_and_pass_over_comments() {
        let (records, rest) =
            events(": hello\ndata: {\"a\":\ndata: 1}\n\nevent: x\ndata: [DONE]\n\n");
        assert_eq!(records, ["{\"a\":\n1}"]);
        assert_eq!(rest, "");
    }
}
