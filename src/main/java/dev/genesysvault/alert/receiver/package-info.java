/**
 * The kinds of receivers of alarms: {@code webhook}, {@code slack}, {@code teams} and {@code
 * pagerduty}, each a form of JSON that is posted to a URL.
 */
@NullMarked
package dev.genesysvault.alert.receiver;

import org.jspecify.annotations.NullMarked;
