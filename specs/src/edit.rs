//! Small changes of a YAML file that leave the rest of its text, comments too, as it is.

use crate::read::Input;
use crate::{Pointer, position};

/// A YAML text without some items of a block list, for example the actions of an overlay.
///
/// The comments above an item go with it; those above the next item stay. A list that is the
/// whole text may be left empty. `None` where the list is not there, is not written as a block,
/// or would be left empty below a key.
pub fn without_items(input: Input<'_>, list: &Pointer, indexes: &[usize]) -> Option<String> {
    let text = std::str::from_utf8(input.bytes).ok()?;
    let value = crate::value(input).ok()?;
    let count = value.pointer(list.as_str())?.as_array()?.len();
    if count <= indexes.len() {
        let head = text
            .split_inclusive('\n')
            .take_while(|line| line.starts_with('#'));
        return (list.as_str().is_empty()).then(|| head.chain(["[]\n"]).collect());
    }
    let items: Vec<Pointer> = (0..count).map(|index| list.index(index)).collect();
    let pointers: Vec<&Pointer> = items.iter().collect();
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let mut starts = Vec::new();
    for position in position::locate(input.bytes, &pointers) {
        let start = position?.line.checked_sub(1)?;
        lines.get(start)?.trim_start().strip_prefix('-')?;
        starts.push(start);
    }
    let indent = |line: &str| line.len() - line.trim_start().len();
    let column = indent(lines.get(*starts.first()?)?);
    let is_comment = |line: &str| line.trim().is_empty() || line.trim_start().starts_with('#');
    // The last item ends where something stands that is indented less.
    let last = *starts.last()?;
    let end = lines
        .iter()
        .enumerate()
        .skip(last + 1)
        .find(|(_, line)| !is_comment(line) && indent(line) <= column)
        .map_or(lines.len(), |(index, _)| index);
    // Where the comments above an item begin.
    let above = |start: usize| {
        let comments = lines.get(..start).unwrap_or_default().iter().rev();
        let own = |line: &&&str| line.trim_start().starts_with('#') && indent(line) == column;
        start - comments.take_while(own).count()
    };
    let mut begins: Vec<usize> = starts.iter().map(|start| above(*start)).collect();
    begins.push(end);
    let mut kept = String::new();
    for (number, line) in lines.iter().enumerate() {
        let item = begins.windows(2).position(|pair| match pair {
            [begin, end] => (*begin..*end).contains(&number),
            _ => false,
        });
        if item.is_none_or(|item| !indexes.contains(&item)) {
            kept.push_str(line);
        }
    }
    Some(kept)
}

#[cfg(test)]
mod tests {
    use super::without_items;
    use crate::{Input, Pointer};

    const LIST: &str = "\
# The head.
actions:
  # The first.
  - target: $.a
    update:
      # Inside.
      b: 1

  # The second,
  # in two lines.
  - target: $.b
    remove: true
  - target: $.c
    update: |
      text
after: 1
";

    fn without(indexes: &[usize]) -> Option<String> {
        let input = Input {
            name: "list.yaml",
            bytes: LIST.as_bytes(),
        };
        without_items(input, &Pointer::parse("/actions")?, indexes)
    }

    #[test]
    fn an_item_goes_with_its_comments() {
        let expected = "\
# The head.
actions:
  # The first.
  - target: $.a
    update:
      # Inside.
      b: 1

after: 1
";
        assert_eq!(without(&[1, 2]).as_deref(), Some(expected));
    }

    #[test]
    fn the_next_item_keeps_its_comments() {
        let expected = "\
# The head.
actions:
  # The second,
  # in two lines.
  - target: $.b
    remove: true
  - target: $.c
    update: |
      text
after: 1
";
        assert_eq!(without(&[0]).as_deref(), Some(expected));
    }

    #[test]
    fn a_list_below_a_key_is_not_left_empty() {
        assert_eq!(without(&[0, 1, 2]), None);
    }

    #[test]
    fn a_list_that_is_all_may_be_left_empty() {
        let input = Input {
            name: "list.yaml",
            bytes: b"# The head.\n- a\n# B.\n- b\n",
        };
        let left = without_items(input, &Pointer::root(), &[0, 1]);
        assert_eq!(left.as_deref(), Some("# The head.\n[]\n"));
    }
}
