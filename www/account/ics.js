// What to do and when as a calendar file (RFC 5545). No clock: an event is stamped with its own instant, so that the same answer gives the same file.

/** What is to be done. @typedef {{ at: string, key: string, title: string, text: string }} Entry `key`: names it among those of one instant */

/** Lines are at most so many octets long, without their end. */
const LINE_END = 75
/** How long before its instant an event is announced. */
const AHEAD = '-P3D'

/** @param {Entry[]} entries @param {string} name of the calendar */
export function calendar(entries, name) {
  const lines = ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//ocr-pricing//account//EN', 'CALSCALE:GREGORIAN', `X-WR-CALNAME:${escaped(name)}`, ...entries.flatMap(event), 'END:VCALENDAR']
  return lines.map((line) => `${folded(line)}\r\n`).join('')
}

/** @param {Entry} entry */
function event({ at, key, title, text }) {
  const instant = utc(at)
  return [
    'BEGIN:VEVENT',
    `UID:${`${instant}-${key}`.replace(/[^a-zA-Z0-9-]+/g, '-')}@ocr-pricing`,
    `DTSTAMP:${instant}`,
    `DTSTART:${instant}`,
    `SUMMARY:${escaped(title)}`,
    `DESCRIPTION:${escaped(text)}`,
    'TRANSP:TRANSPARENT',
    'BEGIN:VALARM',
    'ACTION:DISPLAY',
    `TRIGGER:${AHEAD}`,
    `DESCRIPTION:${escaped(title)}`,
    'END:VALARM',
    'END:VEVENT',
  ]
}

/** "20260302T023000Z" @param {string} instant */
const utc = (instant) => `${new Date(instant).toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`

/** @param {string} text */
const escaped = (text) => text.replace(/[\\;,]/g, '\\$&').replace(/\r\n?|\n/g, '\\n')

/** A line in pieces that fit, never cut inside a character; each further piece begins with a space, which counts. @param {string} line */
function folded(line) {
  const pieces = []
  let piece = ''
  let size = 0
  for (const character of line) {
    const octets = new TextEncoder().encode(character).length
    if (size + octets > LINE_END) {
      pieces.push(piece)
      piece = ''
      size = 1
    }
    piece += character
    size += octets
  }
  return [...pieces, piece].join('\r\n ')
}
