// SPDX-License-Identifier: GPL-3.0-or-later
// The helper's verbs on files: paths are the caller's, the cell's mount namespace is what bounds them.
#pragma once

#include "sandbox/protocol.h"

namespace gradus::sandbox {

void writeRequest(FieldReader fields); ///< path, mode, append, bytes; makes missing folders
void readRequest(FieldReader fields);  ///< path, cap; Output frames, then a Reply
void statRequest(FieldReader fields);  ///< path; one Entry, then a Reply
void markRequest();                    ///< what is there now is what Diff compares with
void diffRequest(); ///< one Entry for every path that differs, then a Reply (value 1: list cut short)

} // namespace gradus::sandbox
