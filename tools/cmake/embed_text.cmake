# Makes OUT, a C++ source with HEAD (its includes and namespace), the function FUNCTION that answers the text of FILE,
# and the closing brace: a file that is edited as a file and shipped inside the program. Cut into pieces, since one
# literal may not be long.
file(READ ${FILE} text)
string(LENGTH "${text}" length)
set(pieces "")
set(at 0)
while(at LESS length)
  string(SUBSTRING "${text}" ${at} 2000 piece)
  string(APPEND pieces "        R\"embed(${piece})embed\"\n")
  math(EXPR at "${at} + 2000")
endwhile()
file(WRITE ${OUT} "#include \"${HEADER}\"

namespace ${NAMESPACE} {

std::string_view ${FUNCTION}() {
    return
${pieces}        ;
}

} // namespace ${NAMESPACE}
")
