# The same, by regular expressions: it does not read JSON, and takes the fields in the order in which they are written.
match($0, /"what":"([a-z ]+)"/, what) {
  if (!match($0, /"message":"([^"]+)"/, message)) next
  if (what[1] == "taken") delivered[message[1]] = 0
  else if (what[1] == "accepted") delivered[message[1]]++
  else if (what[1] == "flagged") settled[message[1]] = 1
}
END {
  for (id in delivered) {
    messages++
    if (delivered[id] == 0 && !(id in settled)) lost++
    if (delivered[id] > 1) doubled++
  }
  print messages, lost + 0, doubled + 0
}
