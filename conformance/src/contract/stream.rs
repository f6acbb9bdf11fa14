//! A body that is a sequence of records, taken apart.

use plumbline_specs::api::{Framing, Stream};
use serde_json::Value;

/// How many records of one body are judged.
const RECORDS: usize = 10_000;

/// One record: its JSON, or why it is none.
pub(crate) type Record = Result<Value, String>;

/// The records of a body, and what is left of it without an end.
pub(crate) fn records(stream: &Stream, body: &[u8]) -> Result<(Vec<Record>, String), String> {
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

fn lines(delimiter: &str, text: &str) -> (Vec<Record>, String) {
    let delimiter = if delimiter.is_empty() {
        "\n"
    } else {
        delimiter
    };
    let mut pieces: Vec<&str> = text.split(delimiter).collect();
    let rest = pieces.pop().unwrap_or_default().to_owned();
    let records = pieces
        .into_iter()
        .take(RECORDS)
        .filter(|piece| !piece.trim().is_empty())
        .map(json)
        .collect();
    (records, rest)
}

/// The data of each event (WHATWG HTML, section 9.2.6): a blank line ends one.
fn events(text: &str) -> (Vec<Record>, String) {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut records = Vec::new();
    let mut data: Vec<&str> = Vec::new();
    for line in text
        .split('\n')
        .map(|line| line.strip_suffix('\r').unwrap_or(line))
    {
        if line.is_empty() {
            let joined = data.join("\n");
            // The end mark that several vendors send is no record.
            if !data.is_empty() && joined != "[DONE]" && records.len() < RECORDS {
                records.push(json(&joined));
            }
            data.clear();
        } else if let Some(value) = line.strip_prefix("data:") {
            data.push(value.strip_prefix(' ').unwrap_or(value));
        }
    }
    (records, data.join("\n"))
}

fn json(text: &str) -> Record {
    serde_json::from_str(text).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::{events, lines};
    use serde_json::json;

    #[test]
    fn a_record_without_its_delimiter_is_left_over() {
        let (records, rest) = lines("\r\n", "{\"a\":1}\r\n{\"a\":2}\r\n{\"a\":");
        assert_eq!(records, [Ok(json!({"a": 1})), Ok(json!({"a": 2}))]);
        assert_eq!(rest, "{\"a\":");
    }

    #[test]
    fn events_join_their_data_and_pass_over_comments() {
        let (records, rest) =
            events(": hello\ndata: {\"a\":\ndata: 1}\n\nevent: x\ndata: [DONE]\n\n");
        assert_eq!(records, [Ok(json!({"a": 1}))]);
        assert_eq!(rest, "");
    }
}
