#!/usr/bin/perl
# The same connector with one thing wrong: it promises that nothing is sent twice, and sends again what may have arrived.
#
#     npx unwedge check examples/peers/copies_after_silence.pl
use strict;
use warnings;
use FindBin;
require "$FindBin::Bin/queue_per_link.pl";

my $self = QueuePerLink->new('one that sends copies, in Perl');
$self->{guarantee} = 'exactly-once';
$self->run;
