/** The markup that a narrative may have. https://hl7.org/fhir/R4/narrative.html */
import { describe, expect, test } from '@jest/globals';
import { isNarrative } from '../../src/validation/narrative.ts';

const div = (content: string): string => `<div xmlns="http://www.w3.org/1999/xhtml">${content}</div>`;

describe('a narrative', () => {
  test.each([
    div('text'),
    div('<p>a<br/>b</p>'),
    div('<p title="x &lt; y">&amp; &#160; &#xA0; &quot; &apos; &gt;</p>'),
    div('<table border="1"><tbody><tr><td colspan="2">a</td></tr></tbody></table>'),
    div('<a href="http://example.org/?a=1&amp;b=2">a</a>'),
    div('<a href="#p1">a</a><a name="p1">b</a><a href="Patient/1">c</a><a href="mailto:a@example.org">d</a>'),
    div('<img src="#i1" alt=""/>'),
    div('<img src="data:image/png;base64,AAAA"/>'),
    div('<p style="color: red; background-image: url(data:image/png;base64,AAAA)">a</p>'),
    div('<p style="background: url(bar.png)">a</p>'),
    div('<!-- a & b <i> -->a'),
    div("<p id='a' >a</p >"),
    ` ${div('a')}\n`,
    '<div lang="en" xml:lang="en" xmlns="http://www.w3.org/1999/xhtml">a</div>',
    div('<p xmlns="http://www.w3.org/1999/xhtml">a</p>'),
  ])('may be %s', (text) => {
    expect(isNarrative(text)).toBe(true);
  });

  test.each([
    // Nothing to see (txt-2), or not one div of XHTML.
    '',
    'text',
    '<div>text</div>',
    '<div title=\'xmlns="http://www.w3.org/1999/xhtml"\'>text</div>',
    '<div xmlns="http://www.w3.org/1999/xhtml"/>',
    '<div xmlns="http://example.org">text</div>',
    '<span xmlns="http://www.w3.org/1999/xhtml">text</span>',
    '<divx xmlns="http://www.w3.org/1999/xhtml">text</divx>',
    '<?xml version="1.0"?><div xmlns="http://www.w3.org/1999/xhtml">text</div>',
    `text${div('a')}`,
    `${div('a')}text`,
    div('a') + div('b'),
    div(''),
    div(' \n '),
    div('<p></p>'),
    div('<!-- only this -->'),
    // Not well-formed.
    div('<p>a'),
    div('a</p>'),
    div('<b><i>a</b></i>'),
    div('<br>a'),
    div('a < b'),
    div('<p id=a>a</p>'),
    div('<p id="a" id="b">a</p>'),
    div('<p id="a"title="b">a</p>'),
    div('<p id="<">a</p>'),
    div('<P>a</P>'),
    div('<!-- a -- b -->a'),
    div('<![CDATA[a]]>'),
    div('<!DOCTYPE html>a'),
    div('<!ENTITY a "b">a'),
    div('<?php a ?>a'),
    div('a & b'),
    div('a&nbsp;b'),
    div('&copy;'),
    div('&#x;'),
    div('<p title="&nbsp;">a</p>'),
    // Active content, or markup that R4 does not allow.
    div('<script>alert(1)</script>'),
    div('<p onclick="alert(1)">a</p>'),
    div('<img src="x" onerror="alert(1)"/>'),
    div('<a href="javascript:alert(1)">a</a>'),
    div('<a href=" JaVaScRiPt:alert(1)">a</a>'),
    div('<a href="java\tscript:alert(1)">a</a>'),
    div('<a href="java&#x73;cript:alert(1)">a</a>'),
    div('<a href="vbscript:a">a</a>'),
    div('<a href="data:text/html;base64,AAAA">a</a>'),
    div('<img src="data:image/svg+xml;base64,AAAA"/>'),
    div('<a href="data:image/png;base64,AAAA">a</a>'),
    div('<a href="file:///etc/passwd">a</a>'),
    div('<p style="background: url(http://example.org/x.png)">a</p>'),
    div('<p style="background: url(//example.org/x.png)">a</p>'),
    div('<p style="background: u\\72l(http://example.org)">a</p>'),
    div('<p style="background: u/**/rl(x)">a</p>'),
    div('<p style="width: expression(alert(1))">a</p>'),
    div('<p style="width: &#101;xpression(alert(1))">a</p>'),
    div('<p style="behavior: x">a</p>'),
    div('<style>p{}</style>a'),
    div('<link rel="stylesheet" href="x"/>a'),
    div('<base href="x"/>a'),
    div('<iframe src="x">a</iframe>'),
    div('<object data="x">a</object>'),
    div('<form action="x">a</form>'),
    div('<input/>a'),
    div('<svg>a</svg>'),
    div('<body>a</body>'),
    div('<h:p>a</h:p>'),
    div('<p xlink:href="x">a</p>'),
    div('<p xmlns="http://www.w3.org/2000/svg">a</p>'),
    div('<p data-x="a">a</p>'),
  ])('may not be %s', (text) => {
    expect(isNarrative(text)).toBe(false);
  });
});
