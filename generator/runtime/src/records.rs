//! Streams of records.

use super::answer::Flow;
use super::deadline::Deadline;
use super::decode;
use super::error::BodyFault;
use super::union::keeps_all;
use super::{Error, Received};
use futures_util::Stream;
use futures_util::stream::try_unfold;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::pin::Pin;
use std::task::{Context, Poll};

/// The records of a body, as they come; `R` is the type of a record that reports a failure.
#[must_use = "records are read as they are asked for"]
pub struct Records<T, R> {
    inner: Pin<Box<dyn Stream<Item = Result<T, Error<R>>> + Send>>,
}

impl<T, R> std::fmt::Debug for Records<T, R> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Records").finish_non_exhaustive()
    }
}

impl<T, R> Stream for Records<T, R> {
    type Item = Result<T, Error<R>>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.inner.as_mut().poll_next(context)
    }
}

impl<T, R> Records<T, R> {
    /// The next record; `None` at the end.
    pub async fn next(&mut self) -> Option<Result<T, Error<R>>> {
        std::future::poll_fn(|context| self.inner.as_mut().poll_next(context)).await
    }
}

impl<T, R> Records<T, R>
where
    T: DeserializeOwned + Serialize + Send + 'static,
    R: DeserializeOwned + Serialize + Send + 'static,
{
    /// One JSON text a line, ended by `\n` or `\r\n`, the last one by the end too.
    pub(super) fn lines(answer: &mut Received) -> Self {
        Self::read(answer, Framing::Lines)
    }

    /// Server-sent events; `[DONE]`, which some servers end with, is no record.
    pub(super) fn events(answer: &mut Received) -> Self {
        Self::read(answer, Framing::Events)
    }

    fn read(answer: &mut Received, framing: Framing) -> Self {
        let reader = Reader {
            operation: answer.meta.id,
            status: answer.status,
            flow: answer.stream.take(),
            framing,
            buffer: std::mem::take(&mut answer.body),
            begin: 0,
            scanned: 0,
            after_cr: false,
            event: Vec::new(),
        };
        let inner = try_unfold(reader, |mut reader| async move {
            let deadline = Deadline::new(reader.flow.as_ref().and_then(|flow| flow.timeout));
            let record = reader.record(deadline).await.map_err(Error::widen)?;
            let Some(record) = record else {
                return Ok(None);
            };
            match sort::<T, R>(&record, deadline) {
                Ok(item) => Ok(Some((item, reader))),
                Err(Refused::Reported(report)) => Err(Error::Record(report)),
                Err(Refused::Broken(mismatch)) => {
                    Err(Error::mismatch(reader.operation, reader.status, mismatch).widen())
                }
            }
        });
        Self {
            inner: Box::pin(inner),
        }
    }
}

enum Refused<R> {
    Reported(R),
    Broken(decode::Mismatch),
}

/// Tells items from reports of failure: an item is what an item's type keeps whole, a report what
/// only its type keeps whole, and else an item is what can be read as one.
fn sort<T, R>(record: &[u8], deadline: Deadline) -> Result<T, Refused<R>>
where
    T: DeserializeOwned + Serialize,
    R: DeserializeOwned + Serialize,
{
    // A record that cannot be reported as a failure is an item: nothing to compare.
    if std::mem::size_of::<R>() == 0 {
        return decode::json(record, deadline).map_err(Refused::Broken);
    }
    let value: Value = decode::json(record, deadline).map_err(Refused::Broken)?;
    let item = decode::value::<T>(&value);
    match item {
        Ok(item) if keeps_all(&value, &item) => Ok(item),
        item => match R::deserialize(&value) {
            Ok(report) if item.is_err() || keeps_all(&value, &report) => {
                Err(Refused::Reported(report))
            }
            _ => item.map_err(Refused::Broken),
        },
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Framing {
    Lines,
    Events,
}

impl Framing {
    fn ends_line(self, byte: u8) -> bool {
        // CR alone ends a line of events (HTML, 9.2.6), not one of NDJSON.
        byte == b'\n' || (self == Self::Events && byte == b'\r')
    }
}

/// Cuts a body into records, wherever its chunks end, in time that grows with its length alone.
struct Reader {
    operation: &'static str,
    status: u16,
    flow: Option<Flow>,
    framing: Framing,
    buffer: Vec<u8>,
    /// Where in the buffer the next line begins.
    begin: usize,
    /// Where in the buffer the search for the end of that line goes on.
    scanned: usize,
    /// Whether a CR has just ended a line: an LF that follows belongs to it.
    after_cr: bool,
    /// The data of the event that is being read.
    event: Vec<u8>,
}

impl Reader {
    /// The next record, which must come by the deadline whatever else does.
    async fn record(&mut self, deadline: Deadline) -> Result<Option<Vec<u8>>, Error> {
        loop {
            let line = self.line(deadline).await?;
            let ended = line.is_none();
            let line = line.unwrap_or_default();
            match self.framing {
                Framing::Lines if ended => return Ok(None),
                Framing::Lines if line.iter().all(u8::is_ascii_whitespace) => {}
                Framing::Lines => return Ok(Some(line)),
                // An empty line, or the end, completes an event.
                Framing::Events if line.is_empty() => {
                    let event = std::mem::take(&mut self.event);
                    if event == b"[DONE]" || (ended && event.is_empty()) {
                        return Ok(None);
                    }
                    if !event.is_empty() {
                        return Ok(Some(event));
                    }
                }
                Framing::Events => self.field(&line)?,
            }
        }
    }

    /// Takes a line of an event; all but the data is passed over.
    fn field(&mut self, line: &[u8]) -> Result<(), Error> {
        let line = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line);
        let data = match line.strip_prefix(b"data:") {
            Some(data) => data.strip_prefix(b" ").unwrap_or(data),
            None if line == b"data" => b"",
            None => return Ok(()),
        };
        if !self.event.is_empty() {
            self.event.push(b'\n');
        }
        self.event.extend_from_slice(data);
        self.check(self.event.len())
    }

    /// The next line without its end; `None` at the end.
    async fn line(&mut self, deadline: Deadline) -> Result<Option<Vec<u8>>, Error> {
        loop {
            if let Some(first) = self.buffer.get(self.begin)
                && std::mem::take(&mut self.after_cr)
                && *first == b'\n'
            {
                self.begin += 1;
                self.scanned = self.scanned.max(self.begin);
            }
            let rest = self.buffer.get(self.scanned..).unwrap_or_default();
            if let Some((at, end)) = rest
                .iter()
                .enumerate()
                .find(|(_, byte)| self.framing.ends_line(**byte))
            {
                self.after_cr = *end == b'\r';
                let end = self.scanned + at;
                let line = self.buffer.get(self.begin..end).unwrap_or_default();
                let line = self.trimmed(line).to_vec();
                self.begin = end + 1;
                self.scanned = self.begin;
                self.check(line.len())?;
                return Ok(Some(line));
            }
            self.scanned = self.buffer.len();
            self.check(self.scanned - self.begin)?;
            let chunk = self.chunk(deadline).await?;
            self.buffer.drain(..self.begin);
            self.scanned -= self.begin;
            self.begin = 0;
            match chunk {
                Some(chunk) => self.buffer.extend_from_slice(&chunk),
                None => {
                    self.scanned = 0;
                    let line = std::mem::take(&mut self.buffer);
                    return Ok((!line.is_empty()).then(|| self.trimmed(&line).to_vec()));
                }
            }
        }
    }

    /// A line of NDJSON without the CR before its end.
    fn trimmed<'l>(&self, line: &'l [u8]) -> &'l [u8] {
        match self.framing {
            Framing::Lines => line.strip_suffix(b"\r").unwrap_or(line),
            Framing::Events => line,
        }
    }

    async fn chunk(&mut self, deadline: Deadline) -> Result<Option<Vec<u8>>, Error> {
        let (operation, status) = (self.operation, self.status);
        let Some(flow) = &mut self.flow else {
            return Ok(None);
        };
        deadline.check(operation)?;
        let chunk = async {
            let chunk = flow.response.chunk().await;
            chunk.map(|chunk| chunk.map(Vec::from)).map_err(|error| {
                let message = "the stream broke off".to_owned();
                fault(operation, status, message, Some(error.without_url()))
            })
        };
        deadline.hold(operation, chunk).await
    }

    fn check(&self, bytes: usize) -> Result<(), Error> {
        match &self.flow {
            Some(flow) if bytes > flow.limit => {
                let message = format!("a record has more than {} bytes", flow.limit);
                Err(fault(self.operation, self.status, message, None))
            }
            _ => Ok(()),
        }
    }
}

fn fault(
    operation: &'static str,
    status: u16,
    message: String,
    source: Option<reqwest::Error>,
) -> Error {
    Error::Body(Box::new(BodyFault {
        operation,
        status,
        message,
        source,
    }))
}
