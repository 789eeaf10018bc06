use super::row::{local_offset, write_row};
use domain::{LogCursor, LogFilter, LogLine};
use leptos::{html, prelude::*};
use std::{cell::RefCell, collections::VecDeque, rc::Rc};

/// How many lines are kept and shown. Older ones go.
const KEPT: usize = 5_000;

/// How many rows stand in one block of the document. A browser lays out only the blocks that are in sight (`style/`), so what a
/// frame costs does not grow with the list.
const BLOCK: usize = 100;

/// How near to the end counts as being there, in CSS pixels.
const NEAR: i32 = 24;

/// What the page tells of the book, for buttons.
#[derive(Debug, Clone, Copy)]
pub struct Shown {
    /// Whether new lines are shown as they come.
    pub follows: RwSignal<bool>,
    /// How many have come since they are not.
    pub held: RwSignal<usize>,
}

/// The lines of a log in the browser. Lines come in faster than a page could be rendered, so they are written into the
/// document directly, once for each frame.
#[derive(Clone)]
pub struct Book(Rc<RefCell<Inner>>);

struct Inner {
    list: NodeRef<html::Div>,
    shown: Shown,
    filter: LogFilter,
    cursor: LogCursor,
    /// What is in the document, or would be but for the filter.
    lines: VecDeque<LogLine>,
    /// How many rows each block of the document has, oldest first.
    blocks: VecDeque<usize>,
    /// What has come and is not there yet.
    waiting: VecDeque<LogLine>,
    offset: i64,
    is_drawing_due: bool,
    /// Whether the document still shows what the server rendered.
    is_untouched: bool,
    /// How far down the list was scrolled to show the newest line, in CSS pixels.
    scrolled_to: i32,
    /// Whether somebody went away from the end, and may come back to it.
    is_away: bool,
}

impl Book {
    /// An empty book over the list that the server may have filled.
    pub fn new(list: NodeRef<html::Div>, shown: Shown, filter: LogFilter, now: domain::Timestamp) -> Self {
        Self(Rc::new(RefCell::new(Inner {
            list,
            shown,
            filter,
            cursor: LogCursor::default(),
            lines: VecDeque::new(),
            blocks: VecDeque::new(),
            waiting: VecDeque::new(),
            offset: local_offset(now),
            is_drawing_due: false,
            is_untouched: true,
            scrolled_to: 0,
            is_away: false,
        })))
    }

    /// The stream begins, or begins again after a break.
    pub fn begin(&self) {
        self.0.borrow_mut().cursor.resume();
    }

    /// Takes lines that came; they show with the next frame, or when somebody wants to see them.
    pub fn take(&self, lines: Vec<LogLine>) {
        let mut inner = self.0.borrow_mut();
        for line in lines {
            if inner.cursor.takes(&line) {
                inner.waiting.push_back(line);
            }
        }
        trim(&mut inner.waiting);
        drop(inner);
        self.draw_soon();
    }

    /// Shows other lines.
    pub fn narrow(&self, filter: LogFilter) {
        let mut inner = self.0.borrow_mut();
        if inner.filter != filter {
            inner.filter = filter;
            inner.redraw();
        }
    }

    /// Goes on with new lines, or stops to.
    pub fn follow(&self, follows: bool) {
        let shown = {
            let mut inner = self.0.borrow_mut();
            inner.is_away = false;
            inner.shown
        };
        shown.follows.set(follows);
        self.draw_soon();
    }

    /// The list was scrolled. Who goes up reads, who comes back to the end follows. A browser also tells of what the list itself did,
    /// and late: neither may undo what a person pressed.
    pub fn scrolled(&self) {
        let follows = {
            let mut inner = self.0.borrow_mut();
            let Some(list) = inner.list.get_untracked() else { return };
            let top = list.scroll_top();
            let is_at_end = list.scroll_height() - top - list.client_height() < NEAR;
            match inner.shown.follows.get_untracked() {
                true if !is_at_end && top < inner.scrolled_to - NEAR => false,
                false if is_at_end && inner.is_away => true,
                false => {
                    inner.is_away = !is_at_end;
                    return;
                }
                true => return,
            }
        };
        self.follow(follows);
        self.0.borrow_mut().is_away = !follows;
    }

    fn draw_soon(&self) {
        if !std::mem::replace(&mut self.0.borrow_mut().is_drawing_due, true) {
            let book = self.clone();
            request_animation_frame(move || book.0.borrow_mut().draw());
        }
    }
}

impl Inner {
    fn draw(&mut self) {
        self.is_drawing_due = false;
        // The page may have gone since the frame was asked for.
        let Some(follows) = self.shown.follows.try_get_untracked() else { return };
        if !follows && !self.is_untouched {
            self.shown.held.set(self.waiting.len());
            return;
        }
        let fresh = std::mem::take(&mut self.waiting);
        if self.is_untouched && !fresh.is_empty() {
            self.is_untouched = false;
            self.lines.extend(fresh);
            self.redraw();
        } else {
            self.append(fresh);
        }
        if self.shown.held.get_untracked() != 0 {
            self.shown.held.set(0);
        }
    }

    fn append(&mut self, fresh: VecDeque<LogLine>) {
        let Some(list) = self.list.get_untracked() else { return };
        let rows = self.rows(fresh.iter());
        self.lines.extend(fresh);
        trim(&mut self.lines);
        let room = self.blocks.back().map_or(0, |rows| BLOCK - rows).min(rows.len());
        if let (Some(block), Some(count)) = (list.last_element_child(), self.blocks.back_mut()) {
            let _ = block.insert_adjacent_html("beforeend", &rows[..room].concat());
            *count += room;
        }
        let _ = list.insert_adjacent_html("beforeend", &self.new_blocks(&rows[room..]));
        while self.blocks.iter().sum::<usize>() > KEPT {
            self.blocks.pop_front();
            if let Some(oldest) = list.first_element_child() {
                oldest.remove();
            }
        }
        self.scroll_to_end(&list);
    }

    fn redraw(&mut self) {
        let Some(list) = self.list.get_untracked() else { return };
        trim(&mut self.lines);
        let rows = self.rows(self.lines.iter());
        self.blocks.clear();
        list.set_inner_html(&self.new_blocks(&rows));
        self.scroll_to_end(&list);
    }

    fn scroll_to_end(&mut self, list: &web_sys::HtmlDivElement) {
        list.set_scroll_top(list.scroll_height());
        self.scrolled_to = list.scroll_top();
    }

    /// Counts blocks of these rows and writes them.
    fn new_blocks(&mut self, rows: &[String]) -> String {
        self.blocks.extend(rows.chunks(BLOCK).map(<[String]>::len));
        rows.chunks(BLOCK)
            .flat_map(|rows| ["<div class=\"log-block\">".to_owned(), rows.concat(), "</div>".to_owned()])
            .collect()
    }

    fn rows<'a>(&self, lines: impl Iterator<Item = &'a LogLine>) -> Vec<String> {
        let shown = lines.filter(|line| self.filter.shows(line));
        shown
            .map(|line| {
                let mut html = String::new();
                write_row(&mut html, line, self.offset);
                html
            })
            .collect()
    }
}

fn trim(lines: &mut VecDeque<LogLine>) {
    let surplus = lines.len().saturating_sub(KEPT);
    lines.drain(..surplus);
}
