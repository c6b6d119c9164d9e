# Makes OUT, the C++ source of template_seeds(), from the files of DIR: the words are edited as files and shipped inside
# the program.
file(GLOB files ${DIR}/*.mustache)
list(SORT files)
set(rows "")
foreach(file ${files})
  get_filename_component(name ${file} NAME_WE)
  file(READ ${file} text)
  string(APPEND rows "        parse_seed(\"${name}\", R\"seed(${text})seed\"),\n")
endforeach()
file(WRITE ${OUT} "#include \"services/notifications/templates/store.hpp\"

namespace backline::notifications {

std::vector<Template> template_seeds() {
    return {
${rows}    };
}

} // namespace backline::notifications
")
