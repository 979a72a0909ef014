/* Puts files into the program: embed OUT FILE… writes OUT.c and OUT.h, which define embedded_NAME[] and
 * embedded_NAME_count (base/embedded.h); NAME is the last part of OUT, a file's name its own last part. */
#include <stdio.h>
#include <string.h>

static const char *name_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? slash + 1 : path;
}

static FILE *file_open(const char *base, const char *ending, const char *mode)
{
	char path[4096];
	int size = snprintf(path, sizeof path, "%s%s", base, ending);
	FILE *file = size > 0 && size < (int)sizeof path ? fopen(path, mode) : NULL; /* a small size */
	if (!file)
		perror(path);
	return file;
}

/* 0 when it is done. */
static int bytes_write(FILE *out, const char *path, int index)
{
	FILE *in = file_open(path, "", "rb");
	if (!in)
		return 1;
	fprintf(out, "static const unsigned char file_%d[] = {", index);
	int c, count = 0;
	while ((c = getc(in)) != EOF)
		fprintf(out, "%s%d,", count++ % 32 ? "" : "\n", c);
	fprintf(out, "\n0};\n");
	int bad = ferror(in);
	fclose(in);
	return bad;
}

static int source_write(FILE *out, const char *name, int file_count, char **files)
{
	fprintf(out, "/* Made by tools/embed.c. */\n#include \"%s.h\"\n\n", name);
	for (int i = 0; i < file_count; i++)
		if (bytes_write(out, files[i], i))
			return 1;
	fprintf(out, "\nconst struct embedded embedded_%s[] = {\n", name);
	for (int i = 0; i < file_count; i++)
		fprintf(out, "\t{ \"%s\", { (const char *)file_%d, sizeof file_%d - 1 } },\n", name_of(files[i]), i, i);
	fprintf(out, "};\nconst size_t embedded_%s_count = %d;\n", name, file_count);
	return 0;
}

static void header_write(FILE *out, const char *name)
{
	fprintf(out, "/* Made by tools/embed.c. */\n#ifndef EMBEDDED_%s_H\n#define EMBEDDED_%s_H\n\n", name, name);
	fprintf(out, "#include \"base/embedded.h\"\n\nextern const struct embedded embedded_%s[];\n", name);
	fprintf(out, "extern const size_t embedded_%s_count;\n\n#endif\n", name);
}

int main(int argc, char **argv)
{
	if (argc < 3) {
		fprintf(stderr, "embed OUT FILE…\n");
		return 2;
	}
	FILE *source = file_open(argv[1], ".c", "w");
	FILE *header = file_open(argv[1], ".h", "w");
	if (!source || !header)
		return 1;
	int bad = source_write(source, name_of(argv[1]), argc - 2, argv + 2);
	header_write(header, name_of(argv[1]));
	bad = bad || ferror(source) || ferror(header);
	bad = fclose(source) || bad;
	return fclose(header) || bad;
}
