//! A report as a page that needs nothing else: no script, no picture, no other host. It prints well.

use std::io::{self, Write};

use super::{Change, Head, Line, Page, words};
use crate::view::{BalanceView, EnvironmentView};

const STYLE: &str = "
:root { color-scheme: light; }
body { margin: 32px auto; max-width: 1180px; padding: 0 24px; color: #1c2024; background: #fff;
  font: 13px/20px Inter, system-ui, -apple-system, 'Segoe UI', sans-serif;
  font-variant-numeric: tabular-nums; }
h1 { margin: 0 0 4px; font-size: 22px; line-height: 28px; }
h2 { margin: 28px 0 8px; font-size: 15px; line-height: 20px; }
.badge { display: inline-block; padding: 0 8px; border: 1px solid; border-radius: 4px;
  font-size: 11px; font-weight: 600; letter-spacing: .04em; }
.badge.production { color: #fff; background: #b3261e; border-color: #b3261e; }
.badge.sandbox { color: #1d4e89; background: #eaf2fb; border-color: #b7d0ec; }
.right { color: #17663a; } .open { color: #6b5300; } .wrong { color: #b3261e; }
.right, .open, .wrong { font-weight: 600; }
.equation { padding: 12px 16px; border: 1px solid #d7dbdf; border-radius: 6px; font-size: 14px; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 2px 16px; margin: 12px 0 0; }
dt { color: #60646c; } dd { margin: 0; overflow-wrap: anywhere; }
table { width: 100%; border-collapse: collapse; }
th, td { padding: 4px 8px; border-bottom: 1px solid #e4e7ea; text-align: left;
  vertical-align: top; overflow-wrap: anywhere; }
th { color: #60646c; font-size: 11px; font-weight: 600; }
td.number, th.number { text-align: right; }
small { color: #60646c; font-size: 11px; } del { color: #60646c; } a { color: #1d4e89; }
ul { margin: 0; padding: 0; list-style: none; }
@media print { body { margin: 0; max-width: none; padding: 0; font-size: 10px; line-height: 14px; }
  thead { display: table-header-group; } tr { break-inside: avoid; } a { color: inherit; } }
";

pub(super) struct Html;

impl Page for Html {
    fn begin(&self, head: &Head, out: &mut dyn Write) -> io::Result<()> {
        let run = &head.run;
        let title = match run.undoes {
            Some(undone) => format!("Run {}: undo of run {undone}", run.run),
            None => format!("Run {}", run.run),
        };
        let badge = match run.environment {
            EnvironmentView::Sandbox => "sandbox",
            EnvironmentView::Production => "production",
        };
        let balance = match run.balance {
            BalanceView::Right => "right",
            BalanceView::Open => "open",
            BalanceView::Wrong => "wrong",
        };
        write!(
            out,
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta http-equiv=\"Content-Security-Policy\" \
             content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
             <meta name=\"referrer\" content=\"no-referrer\">\n\
             <title>{title} · {sync} · Drawbridge</title>\n<style>{STYLE}</style>\n</head>\n<body>\n\
             <h1>{title}</h1>\n<p>{sync} into {org} <span class=\"badge {badge}\">{word}</span></p>\n\
             <p class=\"equation\">{equation}<br>\n<span class=\"{balance}\">{adds_up}</span></p>\n<dl>\n",
            title = escaped(&title),
            sync = escaped(&run.sync_name),
            org = escaped(&run.org_name),
            word = words::environment(run.environment),
            equation = escaped(&words::equation(run)),
            adds_up = words::balance(run.balance),
        )?;
        for (label, value) in words::facts(run, &head.made_at) {
            writeln!(out, "<dt>{label}</dt><dd>{}</dd>", escaped(&value))?;
        }
        out.write_all(b"</dl>\n<h2>Problems by cause</h2>\n")?;
        if head.problems.is_empty() {
            out.write_all(b"<p>None.</p>\n")?;
        } else {
            out.write_all(
                b"<table>\n<thead><tr><th class=\"number\">Rows</th><th>Outcome</th><th>Cause</th>\
                  <th>What to do</th></tr></thead>\n<tbody>\n",
            )?;
            for problem in &head.problems {
                writeln!(
                    out,
                    "<tr><td class=\"number\">{}</td><td>{}</td><td>{}<br><small>{} {}</small></td>\
                     <td>{}</td></tr>",
                    problem.rows,
                    words::outcome(problem.outcome),
                    escaped(&problem.title),
                    escaped(&problem.code),
                    escaped(&problem.message),
                    escaped(&problem.hint)
                )?;
            }
            out.write_all(b"</tbody>\n</table>\n")?;
        }
        out.write_all(
            b"<h2>Records</h2>\n<table>\n<thead><tr><th>Customer</th><th>Outcome</th>\
              <th>Record</th><th>Before and after</th><th>Problem</th></tr></thead>\n<tbody>\n",
        )
    }

    fn rows(&self, lines: &[Line], out: &mut dyn Write) -> io::Result<()> {
        for line in lines {
            write!(
                out,
                "<tr><td>{}<br><small>{}</small></td><td>{}</td><td>{}</td><td>",
                escaped(&line.name),
                escaped(&line.customer),
                line.outcome,
                record(line),
            )?;
            if !line.changes.is_empty() {
                out.write_all(b"<ul>")?;
                for change in &line.changes {
                    write!(
                        out,
                        "<li>{}: {}</li>",
                        escaped(&change.label),
                        moved(change)
                    )?;
                }
                out.write_all(b"</ul>")?;
            }
            writeln!(
                out,
                "</td><td>{}{}</td></tr>",
                escaped(&line.problem),
                if line.code.is_empty() {
                    String::new()
                } else {
                    format!("<br><small>{}</small>", escaped(&line.code))
                }
            )?;
        }
        Ok(())
    }

    fn end(&self, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(b"</tbody>\n</table>\n</body>\n</html>\n")?;
        out.flush()
    }
}

/// The record's id, as a link where it is one a browser may follow.
fn record(line: &Line) -> String {
    let id = escaped(&line.record);
    if line.link.starts_with("https://") || line.link.starts_with("http://") {
        format!("<a href=\"{}\">{id}</a>", escaped(&line.link))
    } else {
        id
    }
}

/// From what to what; a value that was held back did not go there.
fn moved(change: &Change) -> String {
    let (before, after) = (value(&change.before), value(&change.after));
    if change.held.is_empty() {
        format!("<del>{before}</del> \u{2192} {after}")
    } else {
        format!(
            "{before} <small>({after} held back: {})</small>",
            escaped(&change.held)
        )
    }
}

fn value(text: &str) -> String {
    if text.is_empty() {
        "<small>blank</small>".to_owned()
    } else {
        escaped(text)
    }
}

/// The text with everything that HTML gives a meaning written out.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_value_is_markup() {
        assert_eq!(
            escaped("</td><script>alert(\"x\" & 'y')</script>"),
            "&lt;/td&gt;&lt;script&gt;alert(&quot;x&quot; &amp; &#39;y&#39;)&lt;/script&gt;"
        );
    }

    #[test]
    fn only_web_addresses_are_links() {
        let line = |link: &str| Line {
            customer: String::new(),
            name: String::new(),
            outcome: "created",
            record: "001".to_owned(),
            link: link.to_owned(),
            code: String::new(),
            problem: String::new(),
            changes: Vec::new(),
        };
        assert_eq!(record(&line("javascript:alert(1)/001")), "001");
        assert_eq!(
            record(&line("https://a.example/\"001")),
            "<a href=\"https://a.example/&quot;001\">001</a>"
        );
    }
}
