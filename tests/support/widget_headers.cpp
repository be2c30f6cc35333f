// SPDX-License-Identifier: GPL-3.0-or-later
// Carries the precompiled header of the tests that draw; has no code of its own.
