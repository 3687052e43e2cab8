use super::{Text, Wiring, field::frame};
use leptos::prelude::*;

/// The inner markup of a `<textarea>` that shows exactly `text`.
///
/// Leptos 0.8 writes the children of `<textarea>` to the page unescaped, so text goes in as inner markup that is
/// escaped here: `&` and `<` are all that an RCDATA element reads as markup (HTML standard, section 13.2.5.2), `>` and quotes
/// are escaped for good measure. Assigning the same markup in the browser decodes it the same way.
fn inner_markup(text: &str) -> String {
    let mut markup = String::with_capacity(text.len() + text.len() / 8 + 1);
    // The parser of a page drops one newline right after the start tag; the one of a fragment keeps it.
    if cfg!(feature = "ssr") && text.starts_with(['\n', '\r']) {
        markup.push('\n');
    }
    for c in text.chars() {
        match c {
            '&' => markup.push_str("&amp;"),
            '<' => markup.push_str("&lt;"),
            '>' => markup.push_str("&gt;"),
            '"' => markup.push_str("&quot;"),
            '\'' => markup.push_str("&#39;"),
            c => markup.push(c),
        }
    }
    markup
}

/// A labelled field of several lines. The only place of the project where a `<textarea>` is written.
#[component]
pub fn TextArea(
    /// The form field's name, and the id unless `id` gives another.
    #[prop(into)]
    name: Text,
    /// The label's text.
    #[prop(into)]
    label: Text,
    /// The id, where a page has the same name twice.
    #[prop(optional, into)]
    id: Option<Text>,
    /// Advice under the label that stays while typing.
    #[prop(optional, into)]
    hint: Option<Text>,
    /// A remark after the label, such as "(optional)".
    #[prop(optional, into)]
    marker: Option<Text>,
    /// What is wrong with the value, if anything.
    #[prop(optional, into)]
    error: MaybeProp<String>,
    /// The initial value; any text.
    #[prop(optional, into)]
    value: Text,
    /// Lines shown before it grows.
    #[prop(default = 5)]
    rows: u32,
    /// Longest value in UTF-16 units; the server checks again.
    #[prop(optional)]
    maxlength: Option<u32>,
    /// A value must be given. Forms carry `novalidate`, so this informs rather than stops.
    #[prop(optional)]
    required: bool,
) -> impl IntoView {
    let wiring = Wiring::new(id, &name, hint.as_ref(), error);
    let control = view! {
        <textarea
            class="input"
            id=wiring.id()
            name=name
            rows=rows
            maxlength=maxlength
            required=required
            aria-describedby=wiring.described_by()
            aria-invalid=wiring.invalid()
            inner_html=inner_markup(&value)
        ></textarea>
    }
    .into_any();
    frame(&wiring, label, hint, marker, control)
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    fn render(value: &str) -> String {
        let value = value.to_owned();
        Owner::new().with(|| view! { <TextArea name="note" label="Note" value=value/> }.to_html())
    }

    /// What the page's parser makes of the element: RCDATA with character references, one leading newline dropped.
    fn parsed(html: &str) -> String {
        let start = html.find("<textarea").expect("a textarea");
        let open = start + html[start..].find('>').expect("the end of the tag") + 1;
        let end = open + html[open..].find("</textarea").expect("the end tag");
        let raw = html[open..end].strip_prefix('\n').unwrap_or(&html[open..end]);
        assert!(!raw.contains('<'), "unescaped markup in {raw:?}");
        raw.replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&quot;", "\"")
            .replace("&#39;", "'")
            .replace("&amp;", "&")
    }

    #[test]
    fn markup_in_the_value_is_escaped_and_comes_back() {
        let hostile = "</textarea><script>alert(1)</script> &lt; & \"quoted\" it's &amp;amp;";
        let html = render(hostile);
        assert!(!html.contains("<script"), "{html}");
        assert_eq!(html.matches("</textarea").count(), 1, "{html}");
        assert_eq!(parsed(&html), hostile);
    }

    #[test]
    fn empty_lines_at_the_start_survive() {
        assert_eq!(parsed(&render("\n\nsecond")), "\n\nsecond");
        assert_eq!(parsed(&render("")), "");
        assert_eq!(parsed(&render("plain")), "plain");
    }

    #[test]
    fn label_hint_and_error_are_wired() {
        let html = Owner::new().with(|| {
            view! { <TextArea name="note" label="Note" hint="Short" error="Too long".to_string()/> }.to_html()
        });
        for part in [
            r#"for="note""#,
            r#"aria-describedby="note-hint note-error""#,
            r#"aria-invalid="true""#,
            r#"id="note-hint""#,
            r#"id="note-error""#,
        ] {
            assert!(html.contains(part), "{part} in {html}");
        }
    }
}
